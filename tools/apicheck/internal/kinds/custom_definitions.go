package kinds

import (
	"errors"
	"slices"
	"strings"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/version"

	"gitops-gen/tools/apicheck/internal/manifest"
	"gitops-gen/tools/apicheck/internal/protocol"
)

// customKinds are the kinds that CustomResourceDefinitions add. A definition is parsed when a request
// contains a kind that it may define, because most CRDs of a chart are never used.
type customKinds struct {
	texts   []string
	bytes   int
	unread  []string
	inUse   int
	read    map[schema.GroupKind]definition
	settled map[schema.GroupKind]bool
	built   map[schema.GroupVersionKind]*Kind
}

// usable limits the size of the CRDs that are kept in compiled form, which takes about forty times the
// memory of the text. Beyond the limit, all compiled CRDs are dropped, and compiled again on demand.
const usable = 8 << 20

// definition is a CRD, or the reason why it cannot be used.
type definition struct {
	crd    *apiextensions.CustomResourceDefinition
	fault  error
	number int
}

func newCustomKinds() *customKinds {
	custom := &customKinds{}
	custom.forget()
	return custom
}

// Learn adds the text of a CRD. If several define the same kind, the last one is used.
func (k *Kinds) Learn(text string) (protocol.Learned, *protocol.Problem) {
	custom, bounds := k.custom, protocol.Bounds
	if len(text) > bounds.ManifestBytes {
		return protocol.Learned{}, protocol.Refuse(
			protocol.TooLarge, "the CRD is larger than %d bytes", bounds.ManifestBytes)
	}
	if len(custom.texts) >= bounds.CRDs || custom.bytes+len(text) > bounds.CRDBytes {
		return protocol.Learned{}, protocol.Refuse(protocol.TooLarge,
			"more than %d CRDs or %d bytes of them", bounds.CRDs, bounds.CRDBytes)
	}
	custom.learn(text)
	return protocol.Learned{CRDs: len(custom.texts)}, nil
}

func (c *customKinds) learn(text string) {
	c.texts = append(c.texts, text)
	c.unread = append(c.unread, text)
	c.bytes += len(text)
	c.settled = map[schema.GroupKind]bool{}
	c.built = map[schema.GroupVersionKind]*Kind{}
}

func (c *customKinds) forget() {
	c.unread = slices.Clone(c.texts)
	c.inUse = 0
	c.read = map[schema.GroupKind]definition{}
	c.settled = map[schema.GroupKind]bool{}
	c.built = map[schema.GroupVersionKind]*Kind{}
}

// settle parses the definitions that contain the names of a kind and of its group.
func (c *customKinds) settle(wanted schema.GroupKind) {
	if c.settled[wanted] {
		return
	}
	if c.inUse > usable {
		c.forget()
	}
	for number, text := range c.unread {
		if strings.Contains(text, wanted.Kind) && strings.Contains(text, wanted.Group) {
			c.unread[number] = ""
			c.inUse += len(text)
			c.keep(wanted, number, text)
		}
	}
	c.settled[wanted] = true
}

func (c *customKinds) keep(wanted schema.GroupKind, number int, text string) {
	crd, err := readDefinition(text)
	found, defined := definition{crd: crd, fault: err, number: number}, wanted
	if err == nil {
		defined = schema.GroupKind{Group: crd.Spec.Group, Kind: crd.Spec.Names.Kind}
	}
	if earlier, ok := c.read[defined]; !ok || earlier.number < number {
		c.read[defined] = found
	}
}

var errNotCRD = errors.New("it is not a CustomResourceDefinition of apiextensions.k8s.io/v1")

func readDefinition(text string) (*apiextensions.CustomResourceDefinition, error) {
	parsed, problem := manifest.Parse(text)
	if problem != nil {
		return nil, problem
	}
	if parsed.Kind.GroupVersion().String() != "apiextensions.k8s.io/v1" {
		return nil, errNotCRD
	}
	object, _, err := builtInCodec{}.Decode(parsed.JSON)
	if err != nil {
		return nil, err
	}
	if crd, ok := object.(*apiextensions.CustomResourceDefinition); ok {
		return crd, nil
	}
	return nil, errNotCRD
}

// life returns the lifecycle of a version of a custom kind, which does not depend on Kubernetes.
func (c *customKinds) life(
	wanted schema.GroupVersionKind, minors []*version.Version,
) protocol.Life {
	c.settle(wanted.GroupKind())
	state, answer := protocol.Unknown, protocol.Life{}
	if found := c.read[wanted.GroupKind()].version(wanted.Version); found != nil {
		state = stateOf(found)
		if found.DeprecationWarning != nil {
			answer.Message = *found.DeprecationWarning
		}
	} else if c.read[wanted.GroupKind()].crd != nil {
		state = protocol.Removed
	}
	for _, minor := range minors {
		answer.States = append(answer.States, stateIn(minor, state))
	}
	return answer
}

func (d definition) version(name string) *apiextensions.CustomResourceDefinitionVersion {
	if d.crd == nil {
		return nil
	}
	for index := range d.crd.Spec.Versions {
		if d.crd.Spec.Versions[index].Name == name {
			return &d.crd.Spec.Versions[index]
		}
	}
	return nil
}

func stateOf(version *apiextensions.CustomResourceDefinitionVersion) protocol.State {
	switch {
	case !version.Served:
		return protocol.Removed
	case version.Deprecated:
		return protocol.Deprecated
	}
	return protocol.Served
}
