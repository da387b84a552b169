package local

import "github.com/pulumi/pulumi-go-provider/infer"

// Logging says which streams are shown while the command runs.
type Logging string

// Values lists the possible values for the schema.
func (Logging) Values() []infer.EnumValue[Logging] {
	return []infer.EnumValue[Logging]{
		{Name: "Stdout", Value: "stdout", Description: "Show standard output only"},
		{Name: "Stderr", Value: "stderr", Description: "Show standard error only"},
		{Name: "StdoutAndStderr", Value: "stdoutAndStderr", Description: "Show both"},
		{Name: "None", Value: "none", Description: "Show nothing"},
	}
}
