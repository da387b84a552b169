package redaction

import (
	"context"
	"errors"

	p "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi/sdk/v3/go/property"
)

// Wrap makes a provider whose operations know their secrets (see [From]) and whose errors show none of them.
func Wrap(provider p.Provider) p.Provider {
	inner := provider
	provider.Create = func(ctx context.Context, request p.CreateRequest) (p.CreateResponse, error) {
		ctx, secrets := enter(ctx, request.Properties)
		response, err := inner.Create(ctx, request)
		return response, clean(err, secrets)
	}
	provider.Update = func(ctx context.Context, request p.UpdateRequest) (p.UpdateResponse, error) {
		ctx, secrets := enter(ctx, request.Inputs, request.State)
		response, err := inner.Update(ctx, request)
		return response, clean(err, secrets)
	}
	provider.Delete = func(ctx context.Context, request p.DeleteRequest) error {
		ctx, secrets := enter(ctx, request.Properties)
		return clean(inner.Delete(ctx, request), secrets)
	}
	provider.Invoke = func(ctx context.Context, request p.InvokeRequest) (p.InvokeResponse, error) {
		ctx, secrets := enter(ctx, request.Args)
		response, err := inner.Invoke(ctx, request)
		return response, clean(err, secrets)
	}
	return provider
}

func enter(ctx context.Context, properties ...property.Map) (context.Context, Secrets) {
	secrets := Collect(properties...)
	return With(ctx, secrets), secrets
}

func clean(err error, secrets Secrets) error {
	if err == nil {
		return nil
	}
	if text := secrets.Remove(err.Error()); text != err.Error() {
		return errors.New(text)
	}
	return err
}
