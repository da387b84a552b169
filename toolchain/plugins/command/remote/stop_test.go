package remote

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// sshd begins the script, and may be gone before its first line: the operator's machine was switched off, or the plugin killed. What has
// lost its parent belongs to init, whose other children are all that the server has: sshd, Docker, every experiment.
func TestAStopWhoseConnectionIsGoneLeavesTheServersServicesAlone(t *testing.T) {
	t.Parallel()
	for name, server := range map[string]string{
		"init is the parent": `sleep 60 & service=$!
			( /bin/sh -c "sleep 0.3; exec /bin/sh -s 0" <"$0" & )
			sleep 2; kill -0 $service && echo lives`,
		"something else is the parent": `/bin/sh -c 'sleep 60 & service=$!
			/bin/sh -s 0 <"$0"
			kill -0 $service && echo lives' "$0"`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			printed, err := exec.Command("unshare", inNewServer(t, server)...).CombinedOutput()
			if err != nil || !strings.Contains(string(printed), "lives") {
				t.Errorf("the service was stopped: %v\n%s", err, printed)
			}
		})
	}
}

// inNewServer gives the arguments of unshare with which the lines of sh in run are the first process of a server of their own, whose
// other processes end with it; $0 is the path of stop.sh.
func inNewServer(t *testing.T, run string) []string {
	t.Helper()
	dir := t.TempDir()
	script, init := filepath.Join(dir, "stop.sh"), filepath.Join(dir, "sshd") // as in a container that has nothing but an sshd
	sh, err := os.ReadFile("/bin/sh")
	if err != nil {
		t.Fatal(err)
	}
	for path, content := range map[string]string{script: stopScript, init: string(sh)} {
		if err := os.WriteFile(path, []byte(content), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	arguments := []string{"--pid", "--fork", "--mount-proc", "--kill-child", init, "-c", run, script}
	if os.Getuid() != 0 {
		arguments = append([]string{"--map-root-user"}, arguments...)
	}
	return arguments
}
