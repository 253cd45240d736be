// The study list of 3.13 leaves out the modes that do not fit a study, without a word. This is its preview of the
// selected study with that word above it: each mode's own reason.

/** @param original the host's own preview @returns a render function for the customization `workList.renderPreviewContent` */
window.spinePreview = original => (React, previewProps) => {
  // The loader has put the host's components and the mode there by the time something is drawn, unless it failed.
  const { Button, Icons, StudyList } = window['@ohif/ui-next'] ?? {};
  const mode = window['@spine-oncology/mode-spine-oncology'];
  if (!StudyList || !mode) return original?.(React, previewProps) ?? null;
  const h = React.createElement;
  const { SettingsPopover } = StudyList;
  const { study } = previewProps;
  const offered = study && mode.isValidMode({ modalities: String(study.modalities ?? '').replaceAll('/', '\\') });
  const reasons = offered && !offered.valid ? [offered.description] : [];
  const note = h(
    'p',
    { 'data-cy': 'mode-not-offered', className: 'text-muted-foreground grow px-2 text-sm' },
    ...reasons
  );
  const settings = h(
    SettingsPopover,
    null,
    h(
      SettingsPopover.Trigger,
      null,
      h(
        Button,
        { variant: 'ghost', size: 'icon', 'aria-label': 'Open settings' },
        h(Icons.SettingsStudyList, { 'aria-hidden': 'true', className: 'text-primary h-4 w-4' })
      )
    ),
    h(SettingsPopover.Content, null, h(SettingsPopover.Workflow))
  );
  return h(
    StudyList.PreviewContainer,
    null,
    h(StudyList.PreviewHeader, null, note, settings, h(StudyList.ClosePreviewButton)),
    h(StudyList.PreviewContent, previewProps)
  );
};
