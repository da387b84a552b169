package output

import (
	"bytes"
	"fmt"
)

const (
	// maxHeld bounds the memory for a line that has not ended yet, in bytes.
	maxHeld = 64 << 10
	// maxShown is how much of one line is shown, in bytes.
	maxShown = 16 << 10
)

// lines is an io.Writer that hands on what it is given line by line. A line of any length passes: only its beginning
// is shown, and nothing ever waits for its end.
type lines struct {
	show    func(string)
	held    bytes.Buffer
	dropped int
}

func (l *lines) Write(data []byte) (int, error) {
	written := len(data)
	for {
		end := bytes.IndexByte(data, '\n')
		if end < 0 {
			l.hold(data)
			return written, nil
		}
		l.hold(data[:end])
		l.flush()
		data = data[end+1:]
	}
}

func (l *lines) hold(part []byte) {
	room := max(maxHeld-l.held.Len(), 0)
	if len(part) > room {
		l.dropped += len(part) - room
		part = part[:room]
	}
	l.held.Write(part)
}

func (l *lines) flush() {
	line, dropped := l.held.String(), l.dropped
	l.held.Reset()
	l.dropped = 0
	l.show(shorten(line, dropped))
}

// finish shows a last line that has no newline.
func (l *lines) finish() {
	if l.held.Len() > 0 {
		l.flush()
	}
}

func shorten(line string, dropped int) string {
	if len(line) > maxShown {
		dropped += len(line) - maxShown
		line = line[:maxShown]
	}
	if dropped == 0 {
		return line
	}
	return fmt.Sprintf("%s… (%d more bytes)", line, dropped)
}
