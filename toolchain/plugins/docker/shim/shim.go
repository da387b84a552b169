// Package shim makes the Terraform provider, which is internal to its module, importable.
package shim

import (
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	upstream "github.com/terraform-providers/terraform-provider-docker/internal/provider"
)

// NewProvider returns the Terraform provider "docker", which tells version to the engine.
func NewProvider(version string) *schema.Provider { return upstream.New(version)() }
