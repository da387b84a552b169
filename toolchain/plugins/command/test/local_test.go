package test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	rpc "github.com/pulumi/pulumi/sdk/v3/proto/go"

	"dallinger.invalid/pulumi-resource-command/internal/enginetest"
)

func TestTheShellIsTheDefaultInterpreterAndAnotherCanBeChosen(t *testing.T) {
	t.Parallel()
	command := startEngine(t).Resource(t, localCommand)
	wantSuccess(t, command.Create(inputs(values{"create": "echo $0"})))
	wantText(t, "stdout", command.Output("stdout"), "/bin/sh")
	wantSuccess(t, command.Create(inputs(values{"create": "$0", "interpreter": []any{"/bin/echo", "-n", "given:"}})))
	wantText(t, "stdout", command.Output("stdout"), "given: $0")
	wantSuccess(t, command.Create(inputs(values{"create": "echo $0", "interpreter": []any{}})))
	wantText(t, "stdout", command.Output("stdout"), "/bin/sh")
	wantError(t, command.Create(inputs(values{"create": "x", "interpreter": []any{"/nonexistent"}})), "/nonexistent")
}

func TestDirIsTheFolderOfTheCommandAndHasToExist(t *testing.T) {
	t.Parallel()
	command := startEngine(t).Resource(t, localCommand)
	dir, err := filepath.EvalSymlinks(t.TempDir())
	wantSuccess(t, err)
	wantSuccess(t, command.Create(inputs(values{"create": "pwd", "dir": dir})))
	wantText(t, "stdout", command.Output("stdout"), dir)
	wantError(t, command.Create(inputs(values{"create": "pwd", "dir": dir + "/missing"})), "no such file or directory")
	here, err := os.Getwd()
	wantSuccess(t, err)
	wantSuccess(t, command.Create(inputs(values{"create": "pwd"})))
	wantText(t, "stdout", command.Output("stdout"), here)
}

func TestLocalCommandsInheritTheEnvironment(t *testing.T) {
	t.Setenv("INHERITED", "from the plugin")
	command := startEngine(t).Resource(t, localCommand)
	wantSuccess(t, command.Create(inputs(values{"create": `echo "$INHERITED"`})))
	wantText(t, "stdout", command.Output("stdout"), "from the plugin")
	given := values{"create": `echo "$INHERITED"`, "environment": values{"INHERITED": "given"}}
	wantSuccess(t, command.Create(inputs(given)))
	wantText(t, "stdout", command.Output("stdout"), "given")
}

// makeFiles is a command that makes the files that the patterns of the tests are about.
const makeFiles = "mkdir -p assets/logos src; touch assets/logos/logo.svg src/index.js src/secret.js top.txt"

var patterns = []any{"assets/**", "src/**.js", "!**secret.*"}

func TestFilesThatMatchAreGivenBack(t *testing.T) {
	t.Parallel()
	command := startEngine(t).Resource(t, localCommand)
	dir := t.TempDir()
	given := values{
		"create": makeFiles, "delete": "true", "dir": dir, "assetPaths": patterns, "archivePaths": []any{"*.txt"},
	}
	wantSuccess(t, command.Create(inputs(given)))
	assets := command.State["assets"].ObjectValue()
	if len(assets) != 2 {
		t.Errorf("the assets are %v", assets)
	}
	for _, name := range []string{"assets/logos/logo.svg", "src/index.js"} {
		asset := assets[resource.PropertyKey(name)]
		if !asset.IsAsset() || asset.AssetValue().Path != filepath.Join(dir, name) {
			t.Errorf("asset %s is %v", name, asset)
		}
	}
	members, given2 := command.State["archive"].ArchiveValue().GetAssets()
	if _, found := members["top.txt"]; !given2 || !found || len(members) != 1 {
		t.Errorf("the archive has %v", members)
	}
	wantSuccess(t, command.Update(inputs(given.with(values{"archivePaths": nil}))))
	if command.State.HasValue("archive") || !command.State.HasValue("assets") {
		t.Errorf("after the update: %v", command.State)
	}
	wantSuccess(t, command.Delete())
	given["assetPaths"] = []any{"[unclosed"}
	wantError(t, command.Create(inputs(given)), "assetPaths: pattern \"[unclosed\"")
}

func TestRunIsAFunctionThatRunsACommand(t *testing.T) {
	t.Parallel()
	engine := startEngine(t)
	arguments := inputs(values{"command": "echo out; cat >&2", "stdin": secret("in"), "dir": "/"})
	wire := plugin.MarshalOptions{KeepSecrets: true}
	sent, err := plugin.MarshalProperties(arguments, wire)
	wantSuccess(t, err)
	response, err := engine.Client.Invoke(context.Background(), &rpc.InvokeRequest{Tok: "command:local:run", Args: sent})
	wantSuccess(t, err)
	result, err := plugin.UnmarshalProperties(response.GetReturn(), wire)
	wantSuccess(t, err)
	for name, want := range map[resource.PropertyKey]string{"stdout": "out", "stderr": "in", "dir": "/"} {
		wantText(t, string(name), enginetest.Text(result[name]), want)
	}
}
