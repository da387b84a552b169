package output

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"sync"

	p "github.com/pulumi/pulumi-go-provider"

	"dallinger.invalid/pulumi-resource-command/internal/redaction"
)

// maxInError is how much of the output an error repeats, in bytes, counted from the end.
const maxInError = 32 << 10

// Capture keeps what a command prints. Its two writers may be used at the same time.
type Capture struct {
	mutex          sync.Mutex
	stdout, stderr bytes.Buffer
	both           tail
	shown          []*lines
	writers        [2]io.Writer
	secrets        redaction.Secrets
}

// NewCapture makes a capture that shows the streams named by mode through the engine's log until ctx ends.
func NewCapture(ctx context.Context, mode Mode) *Capture {
	c := &Capture{both: tail{limit: maxInError}, secrets: redaction.From(ctx)}
	logger := p.GetLogger(ctx)
	show := func(line string) {
		if ctx.Err() == nil {
			logger.InfoStatus(valid(c.secrets.Remove(line)))
		}
	}
	c.writers[0] = c.writer(&c.stdout, mode.showsStdout(), show)
	c.writers[1] = c.writer(&c.stderr, mode.showsStderr(), show)
	return c
}

// Stdout is where the command's standard output goes.
func (c *Capture) Stdout() io.Writer { return c.writers[0] }

// Stderr is where the command's standard error goes.
func (c *Capture) Stderr() io.Writer { return c.writers[1] }

func (c *Capture) writer(stream *bytes.Buffer, shown bool, show func(string)) io.Writer {
	kept := writerFunc(func(data []byte) (int, error) {
		c.mutex.Lock()
		defer c.mutex.Unlock()
		c.both.add(data)
		return stream.Write(data)
	})
	if !shown {
		return kept
	}
	lines := &lines{show: show}
	c.shown = append(c.shown, lines)
	return io.MultiWriter(kept, lines)
}

// Results gives both streams, each without its last newline. Call it once the command has ended.
func (c *Capture) Results() (stdout, stderr string) {
	for _, lines := range c.shown {
		lines.finish()
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return result(&c.stdout), result(&c.stderr)
}

func result(stream *bytes.Buffer) string { return valid(strings.TrimSuffix(stream.String(), "\n")) }

// valid replaces bytes that are not UTF-8: neither the engine's protocol nor its state can hold them.
func valid(text string) string { return strings.ToValidUTF8(text, "\uFFFD") }

// Failure is the error of a command that did not succeed: the cause, the command, and the end of its output as it came.
func (c *Capture) Failure(cause error, command string) error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	printed := valid(c.secrets.Remove(c.both.String()))
	return fmt.Errorf("%w: running %q:\n%s", cause, c.secrets.Remove(command), printed)
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(data []byte) (int, error) { return f(data) }
