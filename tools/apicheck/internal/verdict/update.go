package verdict

import (
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apiserver/pkg/registry/rest"

	"gitops-gen/tools/apicheck/internal/kinds"
	"gitops-gen/tools/apicheck/internal/manifest"
	"gitops-gen/tools/apicheck/internal/protocol"
)

// CannotMerge is the reason if kubectl cannot compute the difference of two manifests.
const CannotMerge = "CannotMerge"

// version is the resourceVersion of an object and of its update.
const version = "1"

// Update returns whether the API server accepts that one manifest of an object replaces another one.
func Update(
	all *kinds.Kinds, before, after *manifest.Manifest, by string,
) (protocol.Verdict, *protocol.Problem) {
	if !sameKind(before, after) {
		return protocol.Verdict{}, protocol.Refuse(protocol.BadRequest,
			"the old manifest is a %s and the new one a %s", groupKind(before), groupKind(after))
	}
	kind, why := all.Find(after.Kind)
	if why != nil {
		return absent(why), nil
	}
	var problem *protocol.Problem
	verdict := onAnyCluster(kind, func(kind *kinds.Kind) (verdict protocol.Verdict) {
		verdict, problem = updateOn(kind, all, before, after, by)
		return verdict
	})
	return verdict, problem
}

func updateOn(
	kind *kinds.Kind, all *kinds.Kinds, before, after *manifest.Manifest, by string,
) (protocol.Verdict, *protocol.Problem) {
	old, why := stored(kind, all, before)
	if why != "" {
		return notChecked(why), nil
	}
	object, causes := decode(kind, after)
	if len(causes) > 0 {
		return refused(causes), nil
	}
	if why, problem := successor(kind, old, object); why != "" || problem != nil {
		return notChecked(why), problem
	}
	return verdictOf(update(kind, change{before, after, old, object}, by)), nil
}

// successor returns why an object is not an update of an old one.
func successor(kind *kinds.Kind, old, object runtime.Object) (string, *protocol.Problem) {
	before, err := meta.Accessor(old)
	if err != nil {
		return err.Error(), nil
	}
	after, err := meta.Accessor(object)
	if err != nil {
		return err.Error(), nil
	}
	if after.GetName() == "" {
		return "an object without a name is another one each time", nil
	}
	one, other := place(kind, before), place(kind, after)
	if one != other {
		return "", protocol.Refuse(protocol.BadRequest,
			"the old manifest is that of %s and the new one that of %s", one, other)
	}
	return "", nil
}

func place(kind *kinds.Kind, metadata metav1.Object) string {
	return namespaceOf(kind, metadata) + "/" + metadata.GetName()
}

// change is a stored object and its update.
type change struct {
	before, after *manifest.Manifest
	old, object   runtime.Object
}

// stored returns the old object as the server stores it. What today's rules refuse of it is kept,
// because it may have been created before there were such rules.
func stored(
	kind *kinds.Kind, all *kinds.Kinds, before *manifest.Manifest,
) (runtime.Object, string) {
	found, why := all.FindOld(before.Kind)
	if why != nil {
		return nil, "the old object: " + why.Message
	}
	oldKind := *found
	oldKind.Storage = kind.Storage
	old, _, err := oldKind.Codec.Decode(before.JSON)
	if err != nil {
		return nil, "the old object: " + err.Error()
	}
	_ = beforeCreate(&oldKind, old)
	if oldKind.Storage.Settle != nil {
		oldKind.Storage.Settle(old)
	}
	return old, setVersion(old)
}

func setVersion(object runtime.Object) string {
	metadata, err := meta.Accessor(object)
	if err != nil {
		return err.Error()
	}
	metadata.SetResourceVersion(version)
	return ""
}

// update returns the causes of a refusal.
func update(kind *kinds.Kind, change change, by string) []protocol.Cause {
	object := change.object
	if by == protocol.Apply {
		merged, causes, err := merge(kind, change)
		if err != nil {
			return []protocol.Cause{{Reason: CannotMerge, Message: err.Error()}}
		}
		if len(causes) > 0 {
			return causes
		}
		object = merged
	}
	if err := replace(kind, object, change.old); err != nil {
		return causesOf(kind, err)
	}
	return nil
}

// merge updates an object as kubectl apply and Argo CD do: it removes fields that only the old
// manifest contains, and keeps fields that the server set.
func merge(kind *kinds.Kind, change change) (runtime.Object, []protocol.Cause, error) {
	live, err := kind.Codec.Encode(change.old)
	if err != nil {
		return nil, nil, err
	}
	merged, err := kind.Codec.Merge(change.before.JSON, change.after.JSON, live)
	if err != nil {
		return nil, nil, err
	}
	object, causes := decode(kind, &manifest.Manifest{JSON: merged})
	return object, causes, nil
}

// replace prepares and validates a decoded object, as the server does before it replaces an old one.
func replace(kind *kinds.Kind, object, old runtime.Object) error {
	metadata, err := meta.Accessor(object)
	if err != nil {
		return err
	}
	metadata.SetManagedFields(nil)
	metadata.SetResourceVersion(version)
	metadata.SetUID(madeUpUID)
	ctx := kind.Context("update", namespaceOf(kind, metadata), metadata.GetName())
	if kind.Storage.BeginUpdate != nil {
		if err := kind.Storage.BeginUpdate(ctx, object, old); err != nil {
			return err
		}
	}
	if err := rest.BeforeUpdate(kind.Strategy, ctx, object, old); err != nil {
		return err
	}
	if kind.Storage.Admit != nil {
		return kind.Storage.Admit(object, old)
	}
	return nil
}
