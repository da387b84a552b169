// Package provider puts the resources together.
package provider

import (
	p "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi-go-provider/infer"
	"github.com/pulumi/pulumi-go-provider/middleware/schema"

	"dallinger.invalid/pulumi-resource-command/internal/redaction"
	"dallinger.invalid/pulumi-resource-command/local"
	"dallinger.invalid/pulumi-resource-command/remote"
)

// Name is the name of the package; programs and states contain it.
const Name = "command"

// New makes the provider.
func New() p.Provider {
	return redaction.Wrap(infer.Provider(infer.Options{
		Metadata: schema.Metadata{
			DisplayName: "Command (stand-in)",
			Description: "A stand-in for Pulumi's resource plugin `command`, for machines that cannot download the " +
				"original. It is part of the dallinger project and not made by Pulumi.",
			Keywords: []string{"command", "stand-in"},
			License:  "MIT",
		},
		Resources: []infer.InferredResource{
			infer.Resource(&local.Command{}),
			infer.Resource(&remote.Command{}),
			infer.Resource(&remote.CopyToRemote{}),
		},
		Functions: []infer.InferredFunction{
			infer.Function(&local.Run{}),
		},
	}))
}
