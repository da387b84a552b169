package test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	rpc "github.com/pulumi/pulumi/sdk/v3/proto/go"

	"dallinger.invalid/pulumi-resource-command/internal/enginetest"
)

// eachKind runs a test for a command on a server and for one on this machine: what it is about is the same for both.
func eachKind(t *testing.T, test func(t *testing.T, command *enginetest.Resource, base values)) {
	t.Helper()
	t.Parallel()
	t.Run("remote", func(t *testing.T) {
		t.Parallel()
		command, base := remote(t)
		test(t, command, base)
	})
	t.Run("local", func(t *testing.T) {
		t.Parallel()
		test(t, startEngine(t).Resource(t, localCommand), values{})
	})
}

func TestCreateUpdateAndDeleteRunTheirCommands(t *testing.T) {
	eachKind(t, func(t *testing.T, command *enginetest.Resource, base values) {
		steps := inTemp(t, "steps")
		given := base.with(values{
			"create": "echo create >>" + steps, "update": "echo update >>" + steps, "delete": "echo delete >>" + steps,
		})
		wantSuccess(t, command.Create(inputs(given)))
		if !strings.HasPrefix(command.ID, "example") || len(command.ID) != len("example")+8 {
			t.Errorf("the id is %q", command.ID)
		}
		wantSuccess(t, command.Update(inputs(given.with(values{"stdin": "changed"}))))
		wantSuccess(t, command.Delete())
		wantFile(t, steps, "create\nupdate\ndelete\n")
	})
}

func TestUpdateFallsBackToCreate(t *testing.T) {
	eachKind(t, func(t *testing.T, command *enginetest.Resource, base values) {
		for _, update := range []any{nil, ""} {
			given := base.with(values{"create": "cat", "update": update, "stdin": "one"})
			wantSuccess(t, command.Create(inputs(given)))
			wantSuccess(t, command.Update(inputs(given.with(values{"stdin": "two"}))))
			wantText(t, "stdout", command.Output("stdout"), "two")
		}
	})
}

func TestWithoutACommandNothingRuns(t *testing.T) {
	eachKind(t, func(t *testing.T, command *enginetest.Resource, base values) {
		if base["connection"] != nil {
			base["connection"] = base["connection"].(values).with(values{"port": closed(t)})
		}
		wantSuccess(t, command.Create(inputs(base.with(values{"update": "", "delete": ""}))))
		wantSuccess(t, command.Update(inputs(base.with(values{"stdin": "changed"}))))
		wantSuccess(t, command.Delete())
		wantText(t, "stdout", command.Output("stdout"), "")
	})
}

func TestStdinIsGivenToCreateUpdateAndDelete(t *testing.T) {
	eachKind(t, func(t *testing.T, command *enginetest.Resource, base values) {
		read := inTemp(t, "read")
		run := "cat >>" + read
		given := base.with(values{"create": run, "update": run, "delete": run, "stdin": "first\n"})
		wantSuccess(t, command.Create(inputs(given)))
		wantSuccess(t, command.Update(inputs(given.with(values{"stdin": "second\n"}))))
		wantSuccess(t, command.Delete())
		wantFile(t, read, "first\nsecond\nsecond\n")
	})
}

func TestStdinThatNobodyReadsDoesNotHang(t *testing.T) {
	eachKind(t, func(t *testing.T, command *enginetest.Resource, base values) {
		unread := strings.Repeat("x", 3<<20)
		wantSuccess(t, command.Create(inputs(base.with(values{"create": "echo done", "stdin": unread}))))
		wantText(t, "stdout", command.Output("stdout"), "done")
	})
}

func TestUpdateAndDeleteFindTheOutputOfTheRunBefore(t *testing.T) {
	eachKind(t, func(t *testing.T, command *enginetest.Resource, base values) {
		seen := inTemp(t, "seen")
		show := `echo "$PULUMI_COMMAND_STDOUT|$PULUMI_COMMAND_STDERR" >>` + seen
		given := base.with(values{
			"create": "echo o1; echo e1 >&2; " + show, "update": "echo o2; echo e2 >&2; " + show, "delete": show,
		})
		wantSuccess(t, command.Create(inputs(given)))
		wantSuccess(t, command.Update(inputs(given.with(values{"stdin": "changed"}))))
		wantSuccess(t, command.Delete())
		wantFile(t, seen, "|\no1|e1\no2|e2\n")
	})
}

func TestTheOutputOfTheRunBeforeIsLeftOutOnRequest(t *testing.T) {
	eachKind(t, func(t *testing.T, command *enginetest.Resource, base values) {
		show := `echo "${PULUMI_COMMAND_STDOUT-unset}"`
		given := base.with(values{"create": show, "addPreviousOutputInEnv": false})
		wantSuccess(t, command.Create(inputs(given)))
		wantSuccess(t, command.Update(inputs(given.with(values{"stdin": "changed"}))))
		wantText(t, "stdout", command.Output("stdout"), "unset")
	})
}

func TestOutputTooLongForAVariableDoesNotBlockUpdateAndDelete(t *testing.T) {
	eachKind(t, func(t *testing.T, command *enginetest.Resource, base values) {
		given := base.with(values{
			"create": "head -c 200000 /dev/zero | tr '\\0' x", "update": `echo "${PULUMI_COMMAND_STDOUT-unset}"`,
			"delete": "true",
		})
		wantSuccess(t, command.Create(inputs(given)))
		wantSuccess(t, command.Delete())
		wantSuccess(t, command.Update(inputs(given.with(values{"stdin": "changed"}))))
		wantText(t, "stdout", command.Output("stdout"), "unset")
	})
}

func TestAFailedUpdateKeepsTheStateAndAFailedCreateHasNone(t *testing.T) {
	eachKind(t, func(t *testing.T, command *enginetest.Resource, base values) {
		wantError(t, command.Create(inputs(base.with(values{"create": "exit 3"}))), "exit")
		wantText(t, "id", command.ID, "")
		given := base.with(values{"create": "echo kept", "update": "exit 4"})
		wantSuccess(t, command.Create(inputs(given)))
		wantError(t, command.Update(inputs(given.with(values{"stdin": "changed"}))), "status 4")
		wantText(t, "stdout", command.Output("stdout"), "kept")
	})
}

func TestDiffs(t *testing.T) {
	eachKind(t, func(t *testing.T, command *enginetest.Resource, base values) {
		base = base.with(values{"create": "true", "triggers": []any{"a", 1.0}, "stdin": resource.MakeSecret(text("s"))})
		wantSuccess(t, command.Create(inputs(base)))
		for name, c := range map[string]struct{ changes, want values }{
			"the same inputs change nothing":      {values{}, values{}},
			"a changed command is an update":      {values{"create": "false"}, values{"create": "UPDATE"}},
			"a new input is an update":            {values{"delete": "true"}, values{"delete": "ADD"}},
			"a removed input is an update":        {values{"stdin": nil}, values{"stdin": "DELETE"}},
			"removed triggers replace":            {values{"triggers": nil}, values{"triggers": "DELETE_REPLACE"}},
			"a changed trigger is seen as such":   {values{"triggers": []any{"b", 1.0}}, values{"triggers[0]": "UPDATE"}},
			"a secret input is compared by value": {values{"stdin": resource.MakeSecret(text("t"))}, values{"stdin": "UPDATE"}},
		} {
			got := values{}
			for property, kind := range command.Diff(inputs(base.with(c.changes))).GetDetailedDiff() {
				got[property] = rpc.PropertyDiff_Kind_name[int32(kind.GetKind())]
			}
			wantText(t, name, fmt.Sprint(got), fmt.Sprint(c.want))
		}
	})
}

func text(value string) resource.PropertyValue { return resource.NewProperty(value) }
