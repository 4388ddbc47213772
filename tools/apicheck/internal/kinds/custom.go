package kinds

import (
	"fmt"
	"strings"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	structuraldefaulting "k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apiextensions-apiserver/pkg/crdserverscheme"
	"k8s.io/apiextensions-apiserver/pkg/registry/customresource"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

func (c *customKinds) find(wanted schema.GroupVersionKind) (*Kind, *Absent) {
	c.settle(wanted.GroupKind())
	if found, ok := c.built[wanted]; ok {
		return found, nil
	}
	defined, ok := c.read[wanted.GroupKind()]
	switch {
	case !ok:
		return nil, unknown("the CustomResourceDefinition of %s was not given", wanted.GroupKind())
	case defined.fault != nil:
		return nil, unknown("the CustomResourceDefinition of %s cannot be used: %s",
			wanted.GroupKind(), defined.fault)
	case defined.version(wanted.Version) == nil || !defined.version(wanted.Version).Served:
		return nil, notServed(wanted, "its CustomResourceDefinition serves "+served(defined.crd))
	}
	found, err := build(defined.crd, wanted)
	if err != nil {
		return nil, unknown("the CustomResourceDefinition of %s cannot be used: %s",
			wanted.GroupKind(), err)
	}
	c.built[wanted] = found
	return found, nil
}

func served(crd *apiextensions.CustomResourceDefinition) string {
	var names []string
	for _, version := range crd.Spec.Versions {
		if version.Served {
			names = append(names, version.Name)
		}
	}
	return strings.Join(append(names, "nothing else"), ", ")
}

// build returns one version of a custom kind. It compiles the CEL rules.
func build(
	crd *apiextensions.CustomResourceDefinition, wanted schema.GroupVersionKind,
) (*Kind, error) {
	properties, structural, err := schemas(crd, wanted.Version)
	if err != nil {
		return nil, err
	}
	validator, _, err := validation.NewSchemaValidator(properties)
	if err != nil {
		return nil, err
	}
	status, scale, err := subresources(crd, wanted.Version)
	if err != nil {
		return nil, err
	}
	// The program neither validates a status nor selects objects by their fields.
	strategy := customresource.NewStrategy(
		crdserverscheme.NewUnstructuredObjectTyper(),
		crd.Spec.Scope == apiextensions.NamespaceScoped, wanted, validator, nil, structural,
		status, scale, nil)
	codec := customCodec{kind: wanted, structural: structural}
	return &Kind{GroupVersionKind: wanted, Strategy: strategy, Codec: codec}, nil
}

func schemas(
	crd *apiextensions.CustomResourceDefinition, version string,
) (*apiextensions.JSONSchemaProps, *structuralschema.Structural, error) {
	schema, err := apiextensions.GetSchemaForVersion(crd, version)
	if err != nil {
		return nil, nil, err
	}
	if schema == nil || schema.OpenAPIV3Schema == nil {
		return nil, nil, fmt.Errorf("version %s has no schema", version)
	}
	structural, err := structuralschema.NewStructural(schema.OpenAPIV3Schema)
	if err != nil {
		return nil, nil, err
	}
	if faults := structuralschema.ValidateStructural(nil, structural); len(faults) > 0 {
		return nil, nil, faults.ToAggregate()
	}
	structural = structural.DeepCopy()
	return schema.OpenAPIV3Schema, structural, structuraldefaulting.PruneDefaults(structural)
}

func subresources(crd *apiextensions.CustomResourceDefinition, version string) (
	*apiextensions.CustomResourceSubresourceStatus,
	*apiextensions.CustomResourceSubresourceScale, error,
) {
	found, err := apiextensions.GetSubresourcesForVersion(crd, version)
	if err != nil || found == nil {
		return nil, nil, err
	}
	return found.Status, found.Scale, nil
}
