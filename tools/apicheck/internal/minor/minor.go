// Package minor chooses the minor version of Kubernetes whose rules are applied.
package minor

import (
	"fmt"
	"regexp"
	"runtime/debug"

	"k8s.io/apimachinery/pkg/util/version"
	"k8s.io/apiserver/pkg/util/compatibility"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	basecompatibility "k8s.io/component-base/compatibility"
	baseversion "k8s.io/component-base/version"

	"gitops-gen/tools/apicheck/internal/protocol"
)

// Linked is the minor version of Kubernetes whose sources are linked.
var Linked = version.MustParseGeneric(baseversion.DefaultKubeBinaryVersion)

// Oldest is the oldest minor version that Kubernetes can emulate.
var Oldest = version.MajorMinor(Linked.Major(), Linked.Minor()-3)

var form = regexp.MustCompile(`^1\.[1-9][0-9]{0,2}$`)

// Emulate chooses the version `text`, such as "1.35". It must be called once in a process, because
// Kubernetes keeps values that it computes from the version.
func Emulate(text string) (*version.Version, *protocol.Problem) {
	if !form.MatchString(text) {
		return nil, protocol.Refuse(
			protocol.BadRequest, "kubernetes must be a minor version such as %q", Linked)
	}
	asked := version.MustParseGeneric(text)
	if asked.LessThan(Oldest) {
		return nil, protocol.Refuse(protocol.UnsupportedMinor,
			"the rules of Kubernetes %s are not known; the oldest version is %s", asked, Oldest)
	}
	if err := emulate(earlier(asked, Linked)); err != nil {
		return nil, protocol.Refuse(protocol.Internal, "%s", err)
	}
	return asked, nil
}

func emulate(chosen *version.Version) error {
	registry := compatibility.DefaultComponentGlobalsRegistry
	effective, ok := registry.EffectiveVersionFor(basecompatibility.DefaultKubeComponent).(basecompatibility.MutableEffectiveVersion)
	if !ok {
		return fmt.Errorf("the version of %s cannot be set", basecompatibility.DefaultKubeComponent)
	}
	effective.SetEmulationVersion(chosen)
	return utilfeature.DefaultMutableFeatureGate.SetEmulationVersionAndMinCompatibilityVersion(
		chosen, effective.MinCompatibilityVersion())
}

func earlier(one, other *version.Version) *version.Version {
	if one.LessThan(other) {
		return one
	}
	return other
}

// NotJudged returns which rules of a minor version cannot be applied, as sentences.
func NotJudged(asked *version.Version) []string {
	switch {
	case asked.LessThan(Linked):
		return []string{fmt.Sprintf(
			"Rules that changed between Kubernetes %s and %s without a feature gate are applied as in %s.",
			asked, Linked, Linked), fmt.Sprintf(
			"A field that is newer than Kubernetes %s is accepted or ignored; a server of that version "+
				"refuses it as unknown.", asked)}
	case Linked.LessThan(asked):
		return []string{fmt.Sprintf(
			"Kinds, fields and rules that are newer than Kubernetes %s are not known; all others are applied as in %s.",
			Linked, Linked)}
	}
	return []string{}
}

// LinkedRelease returns the release of the linked sources, such as "1.36.1".
func LinkedRelease() string {
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return Linked.String()
	}
	for _, module := range build.Deps {
		if module.Path == "k8s.io/kubernetes" {
			return module.Version[1:]
		}
	}
	return Linked.String()
}
