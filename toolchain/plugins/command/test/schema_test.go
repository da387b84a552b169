package test

import (
	"context"
	"encoding/json"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	rpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// The part of a Pulumi package schema that matters for compatibility.
type (
	packageSchema struct {
		Description, DisplayName string
		Resources, Types         map[string]resourceSchema
		Functions                map[string]struct{ Inputs, Outputs resourceSchema }
	}
	resourceSchema struct {
		InputProperties, Properties map[string]propertySchema
		RequiredInputs, Required    []string
		Enum                        []struct{ Value string }
	}
	propertySchema struct {
		Type, Ref                   string
		Items, AdditionalProperties *propertySchema
		Secret, ReplaceOnChanges    bool
		Default                     any
	}
)

// UnmarshalJSON reads the reference under its name with a dollar sign.
func (p *propertySchema) UnmarshalJSON(data []byte) error {
	type plain propertySchema
	var reference struct {
		Ref string `json:"$ref"`
	}
	if err := json.Unmarshal(data, &reference); err != nil {
		return err
	}
	if err := json.Unmarshal(data, (*plain)(p)); err != nil {
		return err
	}
	p.Ref = reference.Ref
	return nil
}

func (p propertySchema) words() string {
	switch {
	case p.Items != nil:
		return "list of " + p.Items.words()
	case p.AdditionalProperties != nil:
		return "map of " + p.AdditionalProperties.words()
	case p.Ref != "":
		name := path.Base(strings.ReplaceAll(p.Ref, ":", "/"))
		if strings.HasPrefix(p.Ref, "pulumi.json#") {
			return strings.ToLower(name)
		}
		return name
	case p.Type == "integer":
		return "number"
	}
	return p.Type
}

// described are properties of the schema by name, in the words of [declared].
func described(properties map[string]propertySchema, required []string) map[string]string {
	result := map[string]string{}
	for name, property := range properties {
		result[name] = property.words()
		if !slices.Contains(required, name) {
			result[name] += "?"
		}
	}
	return result
}

func readSchema(t *testing.T) packageSchema {
	t.Helper()
	response, err := startEngine(t).Client.GetSchema(context.Background(), &rpc.GetSchemaRequest{})
	wantSuccess(t, err)
	var schema packageSchema
	wantSuccess(t, json.Unmarshal([]byte(response.GetSchema()), &schema))
	return schema
}

func TestEveryPropertyIsTheOneOfTheSDK(t *testing.T) {
	schema := readSchema(t)
	compare := func(what string, got, want map[string]string) {
		if len(want) == 0 || !maps.Equal(got, want) {
			t.Errorf("%s:\n schema %v\n SDK    %v", what, got, want)
		}
	}
	for token, file := range map[string]string{
		remoteCommand: "remote/command.d.ts", copyToRemote: "remote/copyToRemote.d.ts", localCommand: "local/command.d.ts",
	} {
		class := token[strings.LastIndex(token, ":")+1:]
		resource := schema.Resources[token]
		compare(token+" inputs", described(resource.InputProperties, resource.RequiredInputs),
			declared(t, file, "interface "+class+"Args"))
		compare(token+" outputs", described(resource.Properties, resource.Required),
			declared(t, file, "class "+class+" extends pulumi.CustomResource"))
	}
	for _, name := range []string{"Connection", "ProxyConnection"} {
		kind := schema.Types["command:remote:"+name]
		compare(name, described(kind.Properties, kind.Required),
			declared(t, "types/input.d.ts", "interface "+name+"Args"))
	}
	run := schema.Functions["command:local:run"]
	compare("run arguments", described(run.Inputs.Properties, run.Inputs.Required),
		declared(t, "local/run.d.ts", "interface RunArgs"))
	compare("run results", described(run.Outputs.Properties, run.Outputs.Required),
		declared(t, "local/run.d.ts", "interface RunResult"))
}

func TestTheSchemaMarksSecretsReplacementsDefaultsAndEnums(t *testing.T) {
	schema := readSchema(t)
	for token, resource := range schema.Resources {
		if connection, found := resource.InputProperties["connection"]; found && !connection.Secret {
			t.Errorf("the connection of %s is not secret", token)
		}
		if !resource.InputProperties["triggers"].ReplaceOnChanges {
			t.Errorf("the triggers of %s do not replace", token)
		}
	}
	defaults := readSDK(t, "types/input.js")
	for _, name := range []string{"port", "user", "dialErrorLimit", "perDialTimeout"} {
		value, err := json.Marshal(schema.Types["command:remote:Connection"].Properties[name].Default)
		wantSuccess(t, err)
		if !strings.Contains(defaults, name+": (val."+name+") ?? "+string(value)+",") {
			t.Errorf("the default of %s is %s, the SDK has another one", name, value)
		}
	}
	for _, module := range []string{"local", "remote"} {
		for _, choice := range schema.Types["command:"+module+":Logging"].Enum {
			if !strings.Contains(readSDK(t, "types/enums/"+module+"/index.d.ts"), `"`+choice.Value+`"`) {
				t.Errorf("the SDK has no logging mode %q", choice.Value)
			}
		}
		if len(schema.Types["command:"+module+":Logging"].Enum) != 4 {
			t.Errorf("%s has not all logging modes", module)
		}
	}
}

func TestThePluginSaysThatItIsAStandIn(t *testing.T) {
	schema := readSchema(t)
	for _, words := range []string{schema.DisplayName, schema.Description, schema.Description} {
		if !strings.Contains(words, "stand-in") {
			t.Errorf("%q does not say it", words)
		}
	}
	if !strings.Contains(schema.Description, "not made by Pulumi") {
		t.Errorf("the description is %q", schema.Description)
	}
}
