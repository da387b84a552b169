// Package provider describes how the Terraform provider "random" appears in Pulumi: with the tokens and property names
// of the npm package @pulumi/random.
package provider

import (
	pf "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	"github.com/terraform-providers/terraform-provider-random/shim"
)

// Info describes version (that of the npm package) of the plugin.
func Info(version string) tfbridge.ProviderInfo {
	info := tfbridge.ProviderInfo{
		P:            pf.ShimProvider(shim.NewProvider()),
		Name:         "random",
		Version:      version,
		MetadataInfo: tfbridge.NewProviderMetadata([]byte("{}")),
	}
	info.MustComputeTokens(tokens.SingleModule("random_", "index", token))
	return info
}

// token names random_password RandomPassword, where the bridge's standard would say Password.
func token(module, name string) (string, error) {
	return tokens.MakeStandard("random")(module, "Random"+name)
}
