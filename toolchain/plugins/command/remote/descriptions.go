package remote

import "github.com/pulumi/pulumi-go-provider/infer"

// Annotate describes the resource in the schema.
func (c *Command) Annotate(a infer.Annotator) {
	a.Describe(c, "A command that runs on a server, through ssh. (Stand-in, not Pulumi's own plugin.)")
}

// Annotate describes the arguments in the schema.
func (c *CommandInputs) Annotate(a infer.Annotator) {
	a.Describe(&c.Connection, "How to reach the server.")
	a.Describe(&c.Create, "The command to run when the resource is created.")
	a.Describe(&c.Update, "The command to run when the resource is updated; `create` if it is not given.")
	a.Describe(&c.Delete, "The command to run when the resource is deleted.")
	a.Describe(&c.Stdin, "What the command reads from its standard input, in create, update and delete.")
	a.Describe(&c.Environment, "Environment variables for the command; the server's sshd has to accept them.")
	a.Describe(&c.Triggers, "Any values; a change of one replaces the resource.")
	a.Describe(&c.Logging, "Which streams are shown while the command runs; both by default.")
	a.Describe(&c.AddPreviousOutputInEnv, "Whether update and delete find the output of the run before in "+
		"PULUMI_COMMAND_STDOUT and PULUMI_COMMAND_STDERR. Default: true.")
}

// Annotate describes the outputs in the schema.
func (c *CommandOutputs) Annotate(a infer.Annotator) {
	a.Describe(&c.Stdout, "What the command printed to standard output.")
	a.Describe(&c.Stderr, "What the command printed to standard error.")
}
