package kinds

import (
	"fmt"

	jsonpatch "gopkg.in/evanphx/json-patch.v4"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	structuraldefaulting "k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta"
	structuralpruning "k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/jsonmergepatch"
	kjson "sigs.k8s.io/json"
)

// customCodec reads and writes objects of a kind that a CRD defines.
type customCodec struct {
	kind       schema.GroupVersionKind
	structural *structuralschema.Structural
}

func (c customCodec) Decode(text []byte) (runtime.Object, []error, error) {
	content := map[string]any{}
	strict, err := kjson.UnmarshalStrict(text, &content)
	if err != nil {
		return nil, nil, err
	}
	object := &unstructured.Unstructured{Object: content}
	unknown, err := c.coerce(object)
	if err != nil {
		return nil, nil, err
	}
	for _, path := range unknown {
		strict = append(strict, fmt.Errorf("unknown field %q", path))
	}
	structuraldefaulting.Default(object.Object, c.structural)
	return object, strict, nil
}

// coerce drops fields that are not in the schema, and returns their paths. Metadata is handled
// separately, because the schema does not describe it.
func (c customCodec) coerce(object *unstructured.Unstructured) ([]string, error) {
	metadata, hasMetadata, unknown, err := objectmeta.GetObjectMetaWithOptions(
		object.Object, objectmeta.ObjectMetaOptions{ReturnUnknownFieldPaths: true})
	if err != nil {
		return nil, err
	}
	unknown = append(unknown, structuralpruning.PruneWithOptions(object.Object, c.structural, true,
		structuralschema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true})...)
	structuraldefaulting.PruneNonNullableNullsWithoutDefaults(object.Object, c.structural)
	fault, embedded := objectmeta.CoerceWithOptions(nil, object.Object, c.structural, false,
		objectmeta.CoerceOptions{ReturnUnknownFieldPaths: true})
	if fault != nil {
		return nil, fault
	}
	object.SetGroupVersionKind(c.kind)
	if hasMetadata {
		err = objectmeta.SetObjectMeta(object.Object, metadata)
	}
	return append(unknown, embedded...), err
}

func (customCodec) Encode(object runtime.Object) ([]byte, error) {
	return object.(*unstructured.Unstructured).MarshalJSON()
}

func (customCodec) Merge(before, after, live []byte) ([]byte, error) {
	patch, err := jsonmergepatch.CreateThreeWayJSONMergePatch(before, after, live)
	if err != nil {
		return nil, err
	}
	return jsonpatch.MergePatch(live, patch)
}
