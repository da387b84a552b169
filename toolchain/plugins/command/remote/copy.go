package remote

import (
	"context"

	p "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi-go-provider/infer"
	"github.com/pulumi/pulumi-go-provider/infer/types"

	"dallinger.invalid/pulumi-resource-command/internal/lifecycle"
)

// CopyToRemote is the resource command:remote:CopyToRemote. Deleting it leaves the copy on the server.
type CopyToRemote struct{}

// CopyToRemoteInputs are the arguments of a CopyToRemote.
type CopyToRemoteInputs struct {
	Connection *Connection          `pulumi:"connection" provider:"secret"`
	Source     types.AssetOrArchive `pulumi:"source"`
	RemotePath string               `pulumi:"remotePath"`
	Triggers   *[]any               `pulumi:"triggers,optional" provider:"replaceOnChanges"`
}

// CopyToRemoteOutputs are the properties of a CopyToRemote.
type CopyToRemoteOutputs struct{ CopyToRemoteInputs }

// Check refuses sources that cannot be copied.
func (*CopyToRemote) Check(
	ctx context.Context, request infer.CheckRequest,
) (infer.CheckResponse[CopyToRemoteInputs], error) {
	inputs, failures, err := infer.DefaultCheck[CopyToRemoteInputs](ctx, request.NewInputs)
	response := infer.CheckResponse[CopyToRemoteInputs]{Inputs: inputs, Failures: failures}
	if err != nil || len(failures) > 0 || request.NewInputs.Get("source").HasComputed() {
		return response, err
	}
	if reason := refusal(inputs.Source); reason != "" {
		response.Failures = append(response.Failures, p.CheckFailure{Property: "source", Reason: reason})
	}
	return response, nil
}

func refusal(source types.AssetOrArchive) string {
	switch {
	case source.Asset != nil && !source.Asset.IsPath() && !source.Asset.IsText():
		return "an asset has to be a FileAsset or a StringAsset"
	case source.Archive != nil && !source.Archive.IsPath():
		return "an archive has to be a FileArchive of a folder or a file"
	case source.Asset == nil && source.Archive == nil:
		return "an asset or an archive is needed"
	}
	return ""
}

// Create copies the source to the server.
func (*CopyToRemote) Create(
	ctx context.Context, request infer.CreateRequest[CopyToRemoteInputs],
) (infer.CreateResponse[CopyToRemoteOutputs], error) {
	response := infer.CreateResponse[CopyToRemoteOutputs]{Output: CopyToRemoteOutputs{request.Inputs}}
	if request.DryRun {
		return response, nil
	}
	if err := request.Inputs.copy(ctx); err != nil {
		return response, err
	}
	var err error
	response.ID, err = lifecycle.NewID("")
	return response, err
}

// Update copies the source again if it, its destination, or the server is another one.
func (*CopyToRemote) Update(
	ctx context.Context, request infer.UpdateRequest[CopyToRemoteInputs, CopyToRemoteOutputs],
) (infer.UpdateResponse[CopyToRemoteOutputs], error) {
	response := infer.UpdateResponse[CopyToRemoteOutputs]{Output: CopyToRemoteOutputs{request.Inputs}}
	if request.DryRun || request.Inputs.destination() == request.State.destination() {
		return response, nil
	}
	return response, request.Inputs.copy(ctx)
}

// destination says what has been copied where.
func (c CopyToRemoteInputs) destination() string {
	place := c.Connection.place() + " " + c.RemotePath
	switch {
	case c.Source.Asset != nil:
		return place + " asset " + c.Source.Asset.Hash
	case c.Source.Archive != nil:
		return place + " archive " + c.Source.Archive.Hash
	}
	return place
}

func (c CopyToRemoteInputs) copy(ctx context.Context) error {
	link, err := c.Connection.open(ctx)
	if err != nil {
		return err
	}
	defer link.close()
	release := context.AfterFunc(ctx, link.close)
	defer release()
	if err = upload(link, c.Source, c.RemotePath); err != nil && ctx.Err() != nil {
		return stopped(ctx)
	}
	return err
}

// Annotate describes the resource in the schema.
func (c *CopyToRemote) Annotate(a infer.Annotator) {
	a.Describe(c, "A copy of a file, a text or a folder on a server. (Stand-in, not Pulumi's own plugin.)")
}

// Annotate describes the arguments in the schema.
func (c *CopyToRemoteInputs) Annotate(a infer.Annotator) {
	a.Describe(&c.Connection, "How to reach the server.")
	a.Describe(&c.Source, "What to copy: a FileAsset, a StringAsset or a FileArchive.")
	a.Describe(&c.RemotePath, "Where to copy it to.")
	a.Describe(&c.Triggers, "Any values; a change of one replaces the resource.")
}
