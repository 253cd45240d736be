import { createElement } from 'react';

const id = '@spine-oncology/extension-vertebra-metastasis';

function Panel() {
  return createElement(
    'div',
    { 'data-cy': 'vertebra-metastasis-panel', className: 'text-foreground p-2' },
    'Spine Oncology: research use only'
  );
}

export default {
  id,
  getPanelModule: () => [
    {
      name: 'vertebraMetastasis',
      iconName: 'tab-segmentation',
      iconLabel: 'Spine',
      label: 'Spine Oncology',
      component: Panel,
    },
  ],
};
