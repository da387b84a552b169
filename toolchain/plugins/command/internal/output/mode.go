// Package output captures what a command prints, shows it while it runs, and words the error when it fails.
package output

// Mode says which streams are shown while a command runs; both are captured in every mode.
type Mode string

// The values of the `logging` property.
const (
	Stdout          Mode = "stdout"
	Stderr          Mode = "stderr"
	StdoutAndStderr Mode = "stdoutAndStderr"
	None            Mode = "none"
)

func (m Mode) showsStdout() bool { return m == "" || m == StdoutAndStderr || m == Stdout }
func (m Mode) showsStderr() bool { return m == "" || m == StdoutAndStderr || m == Stderr }
