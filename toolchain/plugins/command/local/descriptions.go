package local

import "github.com/pulumi/pulumi-go-provider/infer"

func (s *Settings) annotate(a infer.Annotator) {
	a.Describe(&s.Dir, "The folder to run the command in; it has to exist.")
	a.Describe(&s.Interpreter, "The program, with arguments, that the command is given to. Default: [\"/bin/sh\", \"-c\"].")
	a.Describe(&s.Environment, "Environment variables for the command, besides those of the plugin.")
	a.Describe(&s.Stdin, "What the command reads from its standard input.")
	a.Describe(&s.Logging, "Which streams are shown while the command runs; both by default.")
	a.Describe(&s.AssetPaths, "Glob patterns of files to give back one by one; `!` before a pattern excludes.")
	a.Describe(&s.ArchivePaths, "Glob patterns of files to give back as one archive; `!` before a pattern excludes.")
	a.Describe(&s.AddPreviousOutputInEnv, "Whether update and delete find the output of the run before in "+
		"PULUMI_COMMAND_STDOUT and PULUMI_COMMAND_STDERR. Default: true.")
}

func (r *Results) annotate(a infer.Annotator) {
	a.Describe(&r.Stdout, "What the command printed to standard output.")
	a.Describe(&r.Stderr, "What the command printed to standard error.")
	a.Describe(&r.Assets, "The files that `assetPaths` matched, by their path below the folder.")
	a.Describe(&r.Archive, "The files that `archivePaths` matched.")
}

// Annotate describes the resource in the schema.
func (c *Command) Annotate(a infer.Annotator) {
	a.Describe(c, "A command that runs on this machine. (Stand-in, not Pulumi's own plugin.)")
}

// Annotate describes the arguments in the schema.
func (c *CommandInputs) Annotate(a infer.Annotator) {
	c.annotate(a)
	a.Describe(&c.Create, "The command to run when the resource is created.")
	a.Describe(&c.Update, "The command to run when the resource is updated; `create` if it is not given.")
	a.Describe(&c.Delete, "The command to run when the resource is deleted.")
	a.Describe(&c.Triggers, "Any values; a change of one replaces the resource.")
}

// Annotate describes the outputs in the schema.
func (c *CommandOutputs) Annotate(a infer.Annotator) { c.Results.annotate(a) }
