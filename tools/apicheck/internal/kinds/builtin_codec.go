package kinds

import (
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
)

var (
	strictCodecs = serializer.NewCodecFactory(scheme, serializer.EnableStrict)
	decoder      = strictCodecs.UniversalDecoder()
)

// builtInCodec reads and writes objects of built-in kinds.
type builtInCodec struct{ kind schema.GroupVersionKind }

func (builtInCodec) Decode(text []byte) (runtime.Object, []error, error) {
	object, _, err := decoder.Decode(text, nil, nil)
	if strict, isStrict := runtime.AsStrictDecodingError(err); isStrict && object != nil {
		return object, strict.Errors(), nil
	}
	return object, nil, err
}

func (c builtInCodec) Encode(object runtime.Object) ([]byte, error) {
	return runtime.Encode(strictCodecs.LegacyCodec(c.kind.GroupVersion()), object)
}

func (c builtInCodec) Merge(before, after, live []byte) ([]byte, error) {
	typed, err := scheme.New(c.kind)
	if err != nil {
		return nil, err
	}
	keys, err := strategicpatch.NewPatchMetaFromStruct(typed)
	if err != nil {
		return nil, err
	}
	patch, err := strategicpatch.CreateThreeWayMergePatch(before, after, live, keys, true)
	if err != nil {
		return nil, err
	}
	return strategicpatch.StrategicMergePatchUsingLookupPatchMeta(live, patch, keys)
}
