package enginetest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	rpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/structpb"
)

// Resource is one resource of a stack: what the engine would have in its state.
type Resource struct {
	Timeout time.Duration // customTimeouts of every step; 0 means none
	ID      string
	Inputs  resource.PropertyMap
	State   resource.PropertyMap
	engine  *Engine
	t       testing.TB
	urn     string
}

// Resource declares a resource that does not exist yet.
func (e *Engine) Resource(t testing.TB, token string) *Resource {
	return &Resource{engine: e, t: t, urn: "urn:pulumi:test::project::" + token + "::example"}
}

// Create checks the inputs and makes the resource.
func (r *Resource) Create(inputs resource.PropertyMap) error {
	r.t.Helper()
	checked := r.check(nil, inputs)
	response, err := r.engine.Client.Create(context.Background(), &rpc.CreateRequest{
		Urn: r.urn, Properties: marshal(r.t, checked), Timeout: r.Timeout.Seconds(),
	})
	if err == nil {
		r.ID, r.Inputs, r.State = response.GetId(), checked, unmarshal(r.t, response.GetProperties())
	}
	return err
}

// PreviewCreate gives the outputs that a preview expects.
func (r *Resource) PreviewCreate(inputs resource.PropertyMap) resource.PropertyMap {
	r.t.Helper()
	response, err := r.engine.Client.Create(context.Background(), &rpc.CreateRequest{
		Urn: r.urn, Properties: marshal(r.t, r.check(nil, inputs)), Preview: true,
	})
	must(r.t, err)
	return unmarshal(r.t, response.GetProperties())
}

// Diff says what a change of the inputs means for the resource.
func (r *Resource) Diff(inputs resource.PropertyMap) *rpc.DiffResponse {
	r.t.Helper()
	response, err := r.engine.Client.Diff(context.Background(), &rpc.DiffRequest{
		Id: r.ID, Urn: r.urn, Olds: marshal(r.t, r.State), OldInputs: marshal(r.t, r.Inputs),
		News: marshal(r.t, r.check(r.Inputs, inputs)),
	})
	must(r.t, err)
	return response
}

// Update changes the resource to the inputs.
func (r *Resource) Update(inputs resource.PropertyMap) error {
	r.t.Helper()
	checked := r.check(r.Inputs, inputs)
	response, err := r.engine.Client.Update(context.Background(), r.update(checked, false))
	if err == nil {
		r.Inputs, r.State = checked, unmarshal(r.t, response.GetProperties())
	}
	return err
}

// PreviewUpdate gives the outputs that a preview expects.
func (r *Resource) PreviewUpdate(inputs resource.PropertyMap) resource.PropertyMap {
	r.t.Helper()
	response, err := r.engine.Client.Update(context.Background(), r.update(r.check(r.Inputs, inputs), true))
	must(r.t, err)
	return unmarshal(r.t, response.GetProperties())
}

func (r *Resource) update(checked resource.PropertyMap, preview bool) *rpc.UpdateRequest {
	return &rpc.UpdateRequest{
		Id: r.ID, Urn: r.urn, Olds: marshal(r.t, r.State), OldInputs: marshal(r.t, r.Inputs),
		News: marshal(r.t, checked), Preview: preview, Timeout: r.Timeout.Seconds(),
	}
}

// Delete deletes the resource.
func (r *Resource) Delete() error {
	_, err := r.engine.Client.Delete(context.Background(), &rpc.DeleteRequest{
		Id: r.ID, Urn: r.urn, Properties: marshal(r.t, r.State), OldInputs: marshal(r.t, r.Inputs),
		Timeout: r.Timeout.Seconds(),
	})
	return err
}

// CheckFailures is what checking the inputs finds fault with.
func (r *Resource) CheckFailures(inputs resource.PropertyMap) string {
	r.t.Helper()
	var found []string
	for _, failure := range r.checked(nil, inputs).GetFailures() {
		found = append(found, failure.GetProperty()+": "+failure.GetReason())
	}
	return strings.Join(found, "\n")
}

func (r *Resource) check(old, inputs resource.PropertyMap) resource.PropertyMap {
	r.t.Helper()
	response := r.checked(old, inputs)
	if failures := response.GetFailures(); len(failures) > 0 {
		r.t.Fatalf("check: %v", failures)
	}
	return unmarshal(r.t, response.GetInputs())
}

func (r *Resource) checked(old, inputs resource.PropertyMap) *rpc.CheckResponse {
	r.t.Helper()
	response, err := r.engine.Client.Check(context.Background(), &rpc.CheckRequest{
		Urn: r.urn, Olds: marshal(r.t, old), News: marshal(r.t, inputs), RandomSeed: []byte("seed"),
	})
	must(r.t, err)
	return response
}

// Output is one output of the resource as text; an unknown one is "(unknown)", a secret one begins with "(secret)".
func (r *Resource) Output(name string) string { return Text(r.State[resource.PropertyKey(name)]) }

// Text is a property as text, see [Resource.Output].
func Text(value resource.PropertyValue) string {
	switch {
	case value.IsSecret():
		return "(secret)" + Text(value.SecretValue().Element)
	case value.IsComputed(), value.IsOutput():
		return "(unknown)"
	case value.IsString():
		return value.StringValue()
	}
	return value.String()
}

var wire = plugin.MarshalOptions{KeepSecrets: true, KeepUnknowns: true, KeepResources: true, ComputeAssetHashes: true}

func marshal(t testing.TB, properties resource.PropertyMap) *structpb.Struct {
	t.Helper()
	result, err := plugin.MarshalProperties(properties, wire)
	must(t, err)
	return result
}

func unmarshal(t testing.TB, properties *structpb.Struct) resource.PropertyMap {
	t.Helper()
	result, err := plugin.UnmarshalProperties(properties, wire)
	must(t, err)
	return result
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func address127(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }
