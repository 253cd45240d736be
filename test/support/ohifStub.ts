// Jest never loads the host's packages: the published ones are not installable (see CONTRIBUTING.md).
export {};
