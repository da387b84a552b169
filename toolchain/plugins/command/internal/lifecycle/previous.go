package lifecycle

import (
	"fmt"
	"strings"
)

// The variables that give a command the output of the run before it.
const (
	PreviousStdout = "PULUMI_COMMAND_STDOUT"
	PreviousStderr = "PULUMI_COMMAND_STDERR"
)

// maxVariable is the longest value passed on, in bytes. Linux refuses to start a process with one of 128 KiB or more,
// and then the resource could neither be updated nor deleted any more.
const maxVariable = 100 << 10

// Variable is one environment variable.
type Variable struct{ Name, Value string }

// Previous lists the variables for the output of the run before; wanted is `addPreviousOutputInEnv` (default true).
// Output that was empty gives no variable. Output that cannot be passed gives a warning instead.
func Previous(wanted *bool, stdout, stderr string) (variables []Variable, warnings []string) {
	if wanted != nil && !*wanted {
		return nil, nil
	}
	for _, variable := range []Variable{{PreviousStdout, stdout}, {PreviousStderr, stderr}} {
		switch {
		case variable.Value == "":
		case len(variable.Value) > maxVariable:
			warnings = append(warnings, fmt.Sprintf("%s is not set: the output has %d bytes, the limit is %d",
				variable.Name, len(variable.Value), maxVariable))
		case strings.ContainsRune(variable.Value, 0):
			warnings = append(warnings, fmt.Sprintf("%s is not set: the output contains a NUL byte", variable.Name))
		default:
			variables = append(variables, variable)
		}
	}
	return variables, warnings
}
