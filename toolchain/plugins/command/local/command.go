package local

import (
	"context"

	"github.com/pulumi/pulumi-go-provider/infer"

	"dallinger.invalid/pulumi-resource-command/internal/lifecycle"
)

// Command is the resource command:local:Command.
type Command struct{}

// CommandInputs are the arguments of a Command.
type CommandInputs struct {
	Settings
	Create   *string `pulumi:"create,optional"`
	Update   *string `pulumi:"update,optional"`
	Delete   *string `pulumi:"delete,optional"`
	Triggers *[]any  `pulumi:"triggers,optional" provider:"replaceOnChanges"`
}

// CommandOutputs are the properties of a Command after it ran.
type CommandOutputs struct {
	CommandInputs
	Results
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
	err = request.Inputs.run(ctx, lifecycle.OnCreate(request.Inputs.Create), &response.Output.Results)
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
	command := lifecycle.OnUpdate(request.Inputs.Update, request.Inputs.Create)
	err := request.Inputs.run(ctx, command, &response.Output.Results)
	return response, err
}

// Delete runs `delete` with everything as it is in the state.
func (*Command) Delete(
	ctx context.Context, request infer.DeleteRequest[CommandOutputs],
) (infer.DeleteResponse, error) {
	state := request.State
	return infer.DeleteResponse{}, state.run(ctx, lifecycle.OnDelete(state.Delete), &state.Results)
}
