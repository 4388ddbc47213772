package kinds

import (
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/version"

	"gitops-gen/tools/apicheck/internal/protocol"
)

// ahead is the number of minor versions after the requested one in the result of lifecycle.
const ahead = 2

// Life returns whether this minor version and the next ones serve a kind.
func (k *Kinds) Life(wanted schema.GroupVersionKind) protocol.Life {
	if !scheme.IsGroupRegistered(wanted.Group) {
		return k.custom.life(wanted, k.minors())
	}
	found := k.lifeOf(wanted)
	answer := protocol.Life{
		IntroducedIn: text(found.introduced), DeprecatedIn: text(found.deprecated),
		RemovedIn: text(found.removed), Message: found.hint(k.minor),
	}
	if !found.replacement.Empty() {
		apiVersion, kind := found.replacement.ToAPIVersionAndKind()
		answer.Replacement = &protocol.Replacement{APIVersion: apiVersion, Kind: kind}
	}
	for _, asked := range k.minors() {
		answer.States = append(answer.States, stateIn(asked, protocol.State(found.at(asked))))
	}
	return answer
}

func (k *Kinds) minors() []*version.Version {
	all := []*version.Version{}
	for more := uint(0); more <= ahead; more++ {
		all = append(all, version.MajorMinor(k.minor.Major(), k.minor.Minor()+more))
	}
	return all
}

func stateIn(minor *version.Version, state protocol.State) protocol.MinorState {
	return protocol.MinorState{Kubernetes: minor.String(), State: state}
}

func text(minor *version.Version) string {
	if minor == nil {
		return ""
	}
	return minor.String()
}
