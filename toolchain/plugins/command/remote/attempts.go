package remote

import (
	"context"
	"errors"
	"fmt"
	"time"

	p "github.com/pulumi/pulumi-go-provider"
)

const (
	firstPause  = 100 * time.Millisecond
	pauseGrowth = 1.5
	longestWait = 5 * time.Second
)

// finalError is an error that another attempt cannot mend.
type finalError struct{ error }

func (e finalError) Unwrap() error { return e.error }

// attempts calls connect until it succeeds, fails for good, ctx ends, or more than limit calls failed; a negative limit
// means any number of calls.
func attempts[T any](ctx context.Context, t target, limit int, connect func(context.Context) (T, error)) (T, error) {
	pause := firstPause
	for failed := 1; ; failed++ {
		result, err := once(ctx, t.perDial, connect)
		var final finalError
		switch {
		case err == nil:
			return result, nil
		case ctx.Err() != nil:
			return result, fmt.Errorf("connecting to %s: %w", t, stopped(ctx))
		case errors.As(err, &final):
			return result, fmt.Errorf("connecting to %s: %w", t, final.error)
		case limit >= 0 && failed > limit:
			return result, fmt.Errorf("connecting to %s failed %d times: %w", t, failed, err)
		}
		p.GetLogger(ctx).InfoStatusf("connecting to %s: attempt %d failed (%v), trying again", t, failed, err)
		sleep(ctx, pause)
		pause = min(time.Duration(float64(pause)*pauseGrowth), longestWait)
	}
}

func once[T any](ctx context.Context, limit time.Duration, connect func(context.Context) (T, error)) (T, error) {
	if limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	result, err := connect(ctx)
	if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		err = fmt.Errorf("no answer within %s", limit)
	}
	return result, err
}

func sleep(ctx context.Context, pause time.Duration) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// stopped words why an operation was ended from outside.
func stopped(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return errors.New("the time limit of the operation (customTimeouts) is over")
	}
	return errors.New("the operation was cancelled")
}
