package test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"dallinger.invalid/pulumi-resource-command/internal/enginetest"
	"dallinger.invalid/pulumi-resource-command/internal/sshtest"
)

func TestBothStreamsAreCapturedWithoutTheirLastNewline(t *testing.T) {
	eachKind(t, func(t *testing.T, command *enginetest.Resource, base values) {
		wantSuccess(t, command.Create(inputs(base.with(values{"create": `printf 'a\n\nb\n\n'; printf ' e ' >&2`}))))
		wantText(t, "stdout", command.Output("stdout"), "a\n\nb\n")
		wantText(t, "stderr", command.Output("stderr"), " e ")
	})
}

func TestALineOf200KilobytesPassesInEveryLoggingMode(t *testing.T) {
	eachKind(t, func(t *testing.T, command *enginetest.Resource, base values) {
		long := "head -c 200000 /dev/zero | tr '\\0' x"
		for _, mode := range []any{nil, "stdout", "stderr", "stdoutAndStderr", "none"} {
			given := base.with(values{"create": long + "; " + long + " >&2", "logging": mode})
			wantSuccess(t, command.Create(inputs(given)))
			for _, stream := range []string{"stdout", "stderr"} {
				if got := command.Output(stream); got != strings.Repeat("x", 200000) {
					t.Errorf("%s has %d characters in mode %v", stream, len(got), mode)
				}
			}
		}
	})
}

func TestMuchOutputOnBothStreamsAtOnceIsComplete(t *testing.T) {
	eachKind(t, func(t *testing.T, command *enginetest.Resource, base values) {
		run := "yes stdout | head -20000 & yes stderr | head -20000 >&2; wait"
		wantSuccess(t, command.Create(inputs(base.with(values{"create": run, "logging": "none"}))))
		for _, stream := range []string{"stdout", "stderr"} {
			wantText(t, stream, command.Output(stream), strings.TrimSuffix(strings.Repeat(stream+"\n", 20000), "\n"))
		}
	})
}

func TestLoggingChoosesTheStreamsThatAreShown(t *testing.T) {
	t.Parallel()
	server := sshtest.Start(t)
	for mode, want := range map[string][2]bool{
		"": {true, true}, "stdoutAndStderr": {true, true}, "stdout": {true, false}, "stderr": {false, true},
		"none": {false, false},
	} {
		for _, token := range []string{remoteCommand, localCommand} {
			engine := startEngine(t)
			given := values{"create": "echo to-stdout; printf to-stderr >&2"}
			if token == remoteCommand {
				given["connection"] = connection(server)
			}
			if mode != "" {
				given["logging"] = mode
			}
			wantSuccess(t, engine.Resource(t, token).Create(inputs(given)))
			got := [2]bool{
				strings.Contains(engine.Logs(), "INFO to-stdout"), strings.Contains(engine.Logs(), "INFO to-stderr"),
			}
			if got != want {
				t.Errorf("%s with logging %q shows %v, not %v", token, mode, got, want)
			}
		}
	}
}

func TestAFailureCarriesTheCommandAndBothStreams(t *testing.T) {
	eachKind(t, func(t *testing.T, command *enginetest.Resource, base values) {
		for _, mode := range []string{"none", "stdoutAndStderr"} {
			run := "echo to-stdout; echo to-stderr >&2; exit 7"
			err := command.Create(inputs(base.with(values{"create": run, "logging": mode})))
			wantError(t, err, "status 7: running", `"echo to-stdout; echo to-stderr >&2; exit 7":`, "to-stdout\n", "to-stderr\n")
		}
	})
}

func TestAFailureCarriesTheEndOfLongOutput(t *testing.T) {
	eachKind(t, func(t *testing.T, command *enginetest.Resource, base values) {
		run := "yes filler | head -100000; echo the reason; exit 1"
		err := command.Create(inputs(base.with(values{"create": run, "logging": "none"})))
		wantError(t, err, "bytes left out", "the reason")
		if len(err.Error()) > 40000 {
			t.Errorf("the error has %d characters", len(err.Error()))
		}
	})
}

func TestOutputThatIsNotTextIsKeptAsFarAsItCan(t *testing.T) {
	eachKind(t, func(t *testing.T, command *enginetest.Resource, base values) {
		wantSuccess(t, command.Create(inputs(base.with(values{"create": `printf 'a\377b\n'`}))))
		wantText(t, "stdout", command.Output("stdout"), "a\uFFFDb")
		wantError(t, command.Create(inputs(base.with(values{"create": `printf 'a\377b\n'; exit 1`}))), "a\uFFFDb")
	})
}

func TestEnvironmentVariables(t *testing.T) {
	eachKind(t, func(t *testing.T, command *enginetest.Resource, base values) {
		given := base.with(values{"create": `echo "$ACCEPTED_A|$ACCEPTED_B"`, "environment": values{
			"ACCEPTED_A": "two words", "ACCEPTED_B": resource.MakeSecret(text("b")),
		}})
		wantSuccess(t, command.Create(inputs(given)))
		wantText(t, "stdout", command.Output("stdout"), "two words|b")
	})
}

func TestAVariableThatTheServerRefusesIsAnErrorThatNamesIt(t *testing.T) {
	t.Parallel()
	command, base := remote(t)
	given := base.with(values{"create": "true", "environment": values{"REFUSED": "value"}})
	err := command.Create(inputs(given))
	wantError(t, err, "refuses the environment variable REFUSED", "AcceptEnv")
	if strings.Contains(err.Error(), "value") {
		t.Errorf("the error shows the value: %v", err)
	}
}

func TestAServerThatRefusesThePreviousOutputIsWarnedAboutOnlyIfThereIsSome(t *testing.T) {
	t.Parallel()
	server := sshtest.Start(t, sshtest.WithoutEnvironment())
	engine := startEngine(t)
	command := engine.Resource(t, remoteCommand)
	given := values{"connection": connection(server), "create": "true", "update": "echo out"}
	wantSuccess(t, command.Create(inputs(given)))
	wantSuccess(t, command.Update(inputs(given.with(values{"stdin": "1"}))))
	wantText(t, "log", engine.Logs(), "INFO out\n")
	wantSuccess(t, command.Update(inputs(given.with(values{"stdin": "2"}))))
	if !strings.Contains(engine.Logs(), "WARNING the server refuses the environment variable PULUMI_COMMAND_STDOUT") {
		t.Errorf("no warning:\n%s", engine.Logs())
	}
}
