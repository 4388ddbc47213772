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

// CannotMerge is the reason for manifests whose difference kubectl cannot compute.
const CannotMerge = "CannotMerge"

// version is the resourceVersion of an object and of its update.
const version = "1"

// Update tells what the API server says when the manifest of an object becomes another one.
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
	old, problem := stored(all, before)
	if problem != "" {
		return notChecked(problem), nil
	}
	object, causes := decode(kind, after)
	if len(causes) > 0 {
		return refused(causes), nil
	}
	if why, problem := successor(kind, old, object); why != "" || problem != nil {
		return notChecked(why), problem
	}
	return update(kind, change{before, after, old, object}, by)
}

// successor says why an object is no update of an old one.
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

// change is an object that is stored and what shall become of it.
type change struct {
	before, after *manifest.Manifest
	old, object   runtime.Object
}

// stored gives the old object as the server stores it. What rules refuse of it is kept: it may
// have been created before there were such rules.
func stored(all *kinds.Kinds, before *manifest.Manifest) (runtime.Object, string) {
	kind, why := all.FindOld(before.Kind)
	if why != nil {
		return nil, "the old object: " + why.Message
	}
	old, _, err := kind.Codec.Decode(before.JSON)
	if err != nil {
		return nil, "the old object: " + err.Error()
	}
	_ = create(kind, old)
	if kind.Storage.Settle != nil {
		kind.Storage.Settle(old)
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

func update(
	kind *kinds.Kind, change change, by string,
) (protocol.Verdict, *protocol.Problem) {
	object := change.object
	if by == protocol.Apply {
		merged, causes, err := merge(kind, change)
		if err != nil {
			return refused([]protocol.Cause{{Reason: CannotMerge, Message: err.Error()}}), nil
		}
		if len(causes) > 0 {
			return refused(causes), nil
		}
		object = merged
	}
	if err := replace(kind, object, change.old); err != nil {
		return refused(causesOf(err)), nil
	}
	return accepted, nil
}

// merge does what kubectl apply and Argo CD do: fields that the old manifest had and the new one
// has not are removed, and what the server filled in remains.
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

// replace does with a decoded object what the server does before it stores it over an old one.
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
