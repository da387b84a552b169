package test

import (
	"context"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/emptypb"

	"dallinger.invalid/pulumi-resource-command/internal/enginetest"
	"dallinger.invalid/pulumi-resource-command/internal/sshtest"
)

func TestTheTimeLimitStopsTheCommandAndWhatItStarted(t *testing.T) {
	eachKind(t, func(t *testing.T, command *enginetest.Resource, base values) {
		command.Timeout = time.Second
		begun, survived := inTemp(t, "begun"), inTemp(t, "survived")
		late := "sleep 3; touch " + survived
		run := "echo begun; touch " + begun + "; (" + late + ") & timeout 30 sh -c '" + late + "'"
		err := command.Create(inputs(base.with(values{"create": run})))
		wantError(t, err, "customTimeouts", "begun\n")
		time.Sleep(3 * time.Second)
		if !exists(begun) || exists(survived) {
			t.Errorf("begun: %v, survived: %v", exists(begun), exists(survived))
		}
	})
}

func TestACommandThatIgnoresTheTermSignalIsKilled(t *testing.T) {
	eachKind(t, func(t *testing.T, command *enginetest.Resource, base values) {
		command.Timeout = time.Second
		begin, survived := time.Now(), inTemp(t, "survived")
		run := "trap '' TERM; i=0; while [ $i -lt 30 ]; do sleep 1; i=$((i + 1)); done; touch " + survived
		wantError(t, command.Create(inputs(base.with(values{"create": run}))), "the command was stopped")
		if took := time.Since(begin); took > 25*time.Second || exists(survived) {
			t.Errorf("it took %s, survived: %v", took, exists(survived))
		}
	})
}

func TestCancelStopsTheCommand(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{remoteCommand, localCommand} {
		engine := startEngine(t)
		begun := inTemp(t, "begun")
		given := values{"create": "touch " + begun + "; sleep 60"}
		if kind == remoteCommand {
			given["connection"] = connection(sshtest.Start(t))
		}
		command := engine.Resource(t, kind)
		failure := make(chan error, 1)
		go func() { failure <- command.Create(inputs(given)) }()
		awaitFile(t, begun)
		_, err := engine.Client.Cancel(context.Background(), &emptypb.Empty{})
		wantSuccess(t, err)
		select {
		case err := <-failure:
			wantError(t, err, "cancelled")
		case <-time.After(10 * time.Second):
			t.Fatalf("%s goes on after the cancel", kind)
		}
	}
}

func TestALostConnectionIsAnErrorThatSaysSo(t *testing.T) {
	t.Parallel()
	server := sshtest.Start(t)
	command := startEngine(t).Resource(t, remoteCommand)
	begun := inTemp(t, "begun")
	failure := make(chan error, 1)
	go func() {
		failure <- command.Create(inputs(values{
			"connection": connection(server), "create": "echo begun; sleep 1; touch " + begun + "; sleep 5", // what it says has time to arrive
		}))
	}()
	awaitFile(t, begun)
	server.KillSessions()
	select {
	case err := <-failure:
		wantError(t, err, "the connection to", "was lost", "may still be at work", "run the same pulumi command again", "begun\n")
		if strings.Contains(err.Error(), "exit status") {
			t.Errorf("nobody knows what a missing exit status is: %v", err)
		}
	case <-time.After(4 * time.Second):
		t.Fatal("nothing happens after the connection is lost")
	}
}

func TestAServerThatForbidsSessionsIsAnError(t *testing.T) {
	t.Parallel()
	server := sshtest.Start(t, sshtest.WithLine("MaxSessions 0"))
	command := startEngine(t).Resource(t, remoteCommand)
	err := command.Create(inputs(values{"connection": connection(server), "create": "true"}))
	wantError(t, err, "refuses a session")
}

func awaitFile(t *testing.T, path string) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if exists(path) {
			return
		}
	}
	t.Fatalf("%s does not appear", path)
}

func TestTheTimeLimitReachesWhatRunsInASessionOfItsOwn(t *testing.T) {
	t.Parallel()
	command, base := remote(t)
	command.Timeout = time.Second
	survived := inTemp(t, "survived")
	run := "setsid --wait sh -c 'setsid --wait sleep 3; touch " + survived + "'"
	wantError(t, command.Create(inputs(base.with(values{"create": run}))), "the command was stopped")
	time.Sleep(3 * time.Second)
	if exists(survived) {
		t.Error("the command went on")
	}
}
