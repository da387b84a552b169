package local

import (
	"context"

	"github.com/pulumi/pulumi-go-provider/infer"
)

// Run is the function command:local:run.
type Run struct{}

// RunInputs are the arguments of the function.
type RunInputs struct {
	Settings
	Command string `pulumi:"command"`
}

// RunOutputs are the results of the function: its arguments come back too.
type RunOutputs struct {
	RunInputs
	Results
}

// Annotate names and describes the function in the schema.
func (r *Run) Annotate(a infer.Annotator) {
	a.Describe(r, "Runs a command on this machine, in every preview and update. (Stand-in, not Pulumi's own plugin.)")
}

// Annotate describes the arguments in the schema.
func (r *RunInputs) Annotate(a infer.Annotator) {
	r.annotate(a)
	a.Describe(&r.Command, "The command to run.")
}

// Annotate describes the results in the schema.
func (r *RunOutputs) Annotate(a infer.Annotator) { r.Results.annotate(a) }

// Invoke runs the command.
func (*Run) Invoke(
	ctx context.Context, request infer.FunctionRequest[RunInputs],
) (infer.FunctionResponse[RunOutputs], error) {
	outputs := RunOutputs{RunInputs: request.Input}
	err := request.Input.run(ctx, request.Input.Command, &outputs.Results)
	return infer.FunctionResponse[RunOutputs]{Output: outputs}, err
}
