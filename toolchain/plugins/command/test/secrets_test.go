package test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"dallinger.invalid/pulumi-resource-command/internal/enginetest"
	"dallinger.invalid/pulumi-resource-command/internal/sshtest"
)

const hidden = "hunter2\t\"quoted\""

func secret(value string) resource.PropertyValue { return resource.MakeSecret(text(value)) }

func TestSecretInputsStaySecretInTheState(t *testing.T) {
	eachKind(t, func(t *testing.T, command *enginetest.Resource, base values) {
		given := base.with(values{
			"create": secret("cat >/dev/null"), "update": secret("true"), "delete": secret("true"), "stdin": secret(hidden),
			"environment": values{"ACCEPTED_A": secret(hidden), "ACCEPTED_B": "public"}, "triggers": []any{secret(hidden)},
		})
		wantSuccess(t, command.Create(inputs(given)))
		wantSecrets(t, command)
		wantSuccess(t, command.Update(inputs(given.with(values{"stdin": secret("changed")}))))
		wantSecrets(t, command)
	})
}

func wantSecrets(t *testing.T, command *enginetest.Resource) {
	t.Helper()
	for _, name := range []string{"create", "update", "delete", "stdin", "environment", "triggers"} {
		for kind, properties := range map[string]resource.PropertyMap{"input": command.Inputs, "state": command.State} {
			if !properties[resource.PropertyKey(name)].ContainsSecrets() {
				t.Errorf("%s %s is not secret: %v", kind, name, properties[resource.PropertyKey(name)])
			}
		}
	}
}

func TestTheConnectionIsSecretEvenIfTheProgramForgetsIt(t *testing.T) {
	t.Parallel()
	command, base := remote(t)
	wantSuccess(t, command.Create(inputs(base.with(values{"create": "true"}))))
	if !command.Inputs["connection"].IsSecret() || !command.State["connection"].IsSecret() {
		t.Error("the connection is not secret")
	}
}

func TestOutputsAreSecretOnlyOnRequest(t *testing.T) {
	eachKind(t, func(t *testing.T, command *enginetest.Resource, base values) {
		wantSuccess(t, command.Create(inputs(base.with(values{"create": "cat", "stdin": secret(hidden)}))))
		wantText(t, "stdout", command.Output("stdout"), hidden)
	})
}

func TestErrorsAndLogsShowNoSecretInput(t *testing.T) {
	t.Parallel()
	server := sshtest.Start(t)
	for _, token := range []string{remoteCommand, localCommand} {
		engine := startEngine(t)
		command := engine.Resource(t, token)
		given := values{
			"create": secret("cat; echo \"$ACCEPTED_A\" # " + hidden + "\nexit 1"), "stdin": secret(hidden + "\nand a long second line\n"),
			"environment": values{"ACCEPTED_A": secret("another secret")},
		}
		if token == remoteCommand {
			given["connection"] = connection(server)
		}
		err := command.Create(inputs(given))
		wantError(t, err, `status 1: running "[secret]"`, "[secret]")
		for place, shown := range map[string]string{"error": err.Error(), "log": engine.Logs()} {
			for _, part := range []string{"hunter2", "another secret", "second line"} {
				if strings.Contains(shown, part) {
					t.Errorf("the %s of %s shows %q:\n%s", place, token, part, shown)
				}
			}
		}
	}
}

func TestErrorsAndLogsShowNoCredentials(t *testing.T) {
	t.Parallel()
	server := sshtest.Start(t)
	engine := startEngine(t)
	command := engine.Resource(t, remoteCommand)
	known := connection(server).with(values{"password": "pass-word", "privateKeyPassword": nil})
	shown := func(connection values, create string) string {
		err := command.Create(inputs(values{"connection": connection, "create": create}))
		wantError(t, err)
		return err.Error()
	}
	key := server.Client.Private
	text := strings.Join([]string{
		shown(known, "cat "+server.Client.Path+"; echo pass-word; exit 1"),
		shown(known.with(values{"privateKey": strings.Replace(key, "OPENSSH", "BROKEN", 1)}), "true"),
		shown(known.with(values{"privateKey": sshtest.NewKey(t, "ed25519").Private}), "true"),
		shown(known.with(values{"privateKey": sshtest.NewEncryptedKey(t, "pass-word").Private}), "true"),
		shown(known.with(values{"proxy": connection(server).with(values{"password": "pass-word", "hostKey": "no"})}), "true"),
		engine.Logs(),
	}, "\n")
	lines := strings.Split(strings.TrimSpace(key), "\n")
	for _, part := range append(lines[1:len(lines)-1], "pass-word") {
		if strings.Contains(text, part) {
			t.Errorf("%q is shown in:\n%s", part, text)
		}
	}
}

func TestAnUnknownPropertyOfTheConnectionIsRefusedWithoutShowingTheRest(t *testing.T) {
	t.Parallel()
	command, base := remote(t)
	broken := base["connection"].(values).with(values{"host": nil, "hots": "example.org"})
	found := command.CheckFailures(inputs(values{"connection": broken, "create": "true"}))
	if !strings.Contains(found, "host") || strings.Contains(found, "PRIVATE KEY") {
		t.Errorf("check says: %s", found)
	}
}
