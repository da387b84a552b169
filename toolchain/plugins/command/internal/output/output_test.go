package output

import (
	"fmt"
	"strings"
	"testing"
)

func TestLinesAreShownOneByOneAndLongOnesInPart(t *testing.T) {
	var shown []string
	lines := &lines{show: func(line string) { shown = append(shown, line) }}
	long := strings.Repeat("x", 200_000)
	for _, part := range []string{"one\ntw", "o\n\n", long, "\nlast"} {
		if n, err := lines.Write([]byte(part)); n != len(part) || err != nil {
			t.Fatalf("Write gives %d, %v", n, err)
		}
	}
	lines.finish()
	cut := fmt.Sprintf("%s… (%d more bytes)", long[:maxShown], 200_000-maxShown)
	if want := []string{"one", "two", "", cut, "last"}; strings.Join(shown, "\n") != strings.Join(want, "\n") {
		t.Errorf("shown are %d lines: %.200q", len(shown), shown)
	}
}

func TestTheTailKeepsTheEndOfWhatItIsGiven(t *testing.T) {
	tail := tail{limit: 4}
	tail.add([]byte("abc"))
	if tail.String() != "abc" {
		t.Errorf("the tail is %q", tail.String())
	}
	for _, part := range []string{"defgh", "ijklmnopqr", "s"} {
		tail.add([]byte(part))
	}
	if want := "(15 bytes left out) …pqrs"; tail.String() != want {
		t.Errorf("the tail is %q, not %q", tail.String(), want)
	}
}
