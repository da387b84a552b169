package remote

import (
	"context"

	p "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi-go-provider/infer"

	"dallinger.invalid/pulumi-resource-command/internal/lifecycle"
	"dallinger.invalid/pulumi-resource-command/internal/output"
)

// Command is the resource command:remote:Command.
type Command struct{}

// CommandInputs are the arguments of a Command.
type CommandInputs struct {
	Connection             *Connection       `pulumi:"connection" provider:"secret"`
	Create                 *string           `pulumi:"create,optional"`
	Update                 *string           `pulumi:"update,optional"`
	Delete                 *string           `pulumi:"delete,optional"`
	Stdin                  *string           `pulumi:"stdin,optional"`
	Environment            map[string]string `pulumi:"environment,optional"`
	Triggers               *[]any            `pulumi:"triggers,optional" provider:"replaceOnChanges"`
	Logging                *Logging          `pulumi:"logging,optional"`
	AddPreviousOutputInEnv *bool             `pulumi:"addPreviousOutputInEnv,optional"`
}

// CommandOutputs are the properties of a Command after it ran.
type CommandOutputs struct {
	CommandInputs
	Stdout string `pulumi:"stdout"`
	Stderr string `pulumi:"stderr"`
}

// Create runs `create`.
func (*Command) Create(
	ctx context.Context, request infer.CreateRequest[CommandInputs],
) (infer.CreateResponse[CommandOutputs], error) {
	response := infer.CreateResponse[CommandOutputs]{Output: CommandOutputs{CommandInputs: request.Inputs}}
	var err error
	if response.ID, err = lifecycle.NewID(request.Name); err != nil || request.DryRun {
		return response, err
	}
	err = response.Output.run(ctx, lifecycle.OnCreate(request.Inputs.Create))
	return response, err
}

// Update runs `update`, else `create`.
func (*Command) Update(
	ctx context.Context, request infer.UpdateRequest[CommandInputs, CommandOutputs],
) (infer.UpdateResponse[CommandOutputs], error) {
	response := infer.UpdateResponse[CommandOutputs]{Output: request.State}
	response.Output.CommandInputs = request.Inputs
	if request.DryRun {
		return response, nil
	}
	err := response.Output.run(ctx, lifecycle.OnUpdate(request.Inputs.Update, request.Inputs.Create))
	return response, err
}

// Delete runs `delete` with everything as it is in the state.
func (*Command) Delete(
	ctx context.Context, request infer.DeleteRequest[CommandOutputs],
) (infer.DeleteResponse, error) {
	return infer.DeleteResponse{}, request.State.run(ctx, lifecycle.OnDelete(request.State.Delete))
}

// run runs command, giving it the outputs of the run before, and puts its own in their place.
func (c *CommandOutputs) run(ctx context.Context, command string) error {
	if command == "" {
		return nil
	}
	previous, warnings := lifecycle.Previous(c.AddPreviousOutputInEnv, c.Stdout, c.Stderr)
	for _, warning := range warnings {
		p.GetLogger(ctx).Warning(warning)
	}
	link, err := c.Connection.open(ctx)
	if err != nil {
		return err
	}
	defer link.close()
	capture := output.NewCapture(ctx, output.Mode(or(c.Logging, "")))
	execution := execution{command, or(c.Stdin, ""), c.Environment, previous}
	err = execution.run(ctx, link, capture)
	stdout, stderr := capture.Results()
	if err != nil {
		return capture.Failure(err, command)
	}
	c.Stdout, c.Stderr = stdout, stderr
	return nil
}
