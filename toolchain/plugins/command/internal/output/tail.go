package output

import "fmt"

// tail keeps the last limit bytes of what it is given.
type tail struct {
	limit int
	kept  []byte
	cut   int
}

func (t *tail) add(data []byte) {
	t.kept = append(t.kept, data...)
	if len(t.kept) > 2*t.limit {
		t.trim()
	}
}

func (t *tail) trim() {
	if excess := len(t.kept) - t.limit; excess > 0 {
		t.cut += excess
		t.kept = append([]byte(nil), t.kept[excess:]...)
	}
}

func (t *tail) String() string {
	t.trim()
	if t.cut == 0 {
		return string(t.kept)
	}
	return fmt.Sprintf("(%d bytes left out) …%s", t.cut, t.kept)
}
