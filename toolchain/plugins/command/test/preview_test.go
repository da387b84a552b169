package test

import (
	"testing"

	"dallinger.invalid/pulumi-resource-command/internal/enginetest"
)

func TestAPreviewRunsNothingAndKnowsNoOutputs(t *testing.T) {
	eachKind(t, func(t *testing.T, command *enginetest.Resource, base values) {
		proof := inTemp(t, "ran")
		given := base.with(values{"create": "touch " + proof})
		planned := command.PreviewCreate(inputs(given))
		wantText(t, "stdout", enginetest.Text(planned["stdout"]), "(unknown)")
		wantText(t, "stderr", enginetest.Text(planned["stderr"]), "(unknown)")
		wantText(t, "create", enginetest.Text(planned["create"]), "touch "+proof)

		wantSuccess(t, command.Create(inputs(base.with(values{"create": "echo made"}))))
		planned = command.PreviewUpdate(inputs(given))
		wantText(t, "stdout", enginetest.Text(planned["stdout"]), "(unknown)")
		if exists(proof) {
			t.Error("the preview ran the command")
		}
	})
}
