package local

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// family is a process with everything that it has started so far.
type family struct {
	group   int
	members []int
}

// familyOf finds the family of the leader of a process group. Members that have left the group, as what `timeout` runs
// does, are found through /proc, where there is one.
func familyOf(leader int) family {
	return family{group: leader, members: descendants(leader)}
}

func (f family) signal(signal syscall.Signal) error {
	err := syscall.Kill(-f.group, signal)
	for _, member := range f.members {
		_ = syscall.Kill(member, signal)
	}
	return err
}

func descendants(parent int) []int {
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", parent))
	var found []int
	for _, task := range tasks {
		text, err := os.ReadFile(task)
		if err != nil {
			continue
		}
		for _, field := range strings.Fields(string(text)) {
			if child, err := strconv.Atoi(field); err == nil {
				found = append(append(found, child), descendants(child)...)
			}
		}
	}
	return found
}
