/** The parts of the host's shared packages that this extension uses. The published packages carry no declarations. */
declare module '@ohif/ui-next' {
  import type { ComponentType, ButtonHTMLAttributes, HTMLAttributes, ReactElement, ReactNode } from 'react';

  interface DataAttributes {
    'data-cy'?: string;
  }
  export const Button: ComponentType<
    ButtonHTMLAttributes<HTMLButtonElement> &
      DataAttributes & {
        variant?: 'default' | 'destructive' | 'outline' | 'secondary' | 'ghost' | 'link';
        size?: 'default' | 'sm' | 'lg' | 'icon';
        dataCY?: string;
      }
  >;
  export const ScrollArea: ComponentType<HTMLAttributes<HTMLDivElement>>;
  export const Select: ComponentType<{
    value?: string;
    onValueChange(value: string): void;
    disabled?: boolean;
    children: ReactNode;
  }>;
  export const SelectTrigger: ComponentType<ButtonHTMLAttributes<HTMLButtonElement> & DataAttributes>;
  export const SelectValue: ComponentType<{ placeholder?: string }>;
  export const SelectContent: ComponentType<{ children: ReactNode }>;
  export const SelectItem: ComponentType<{ value: string; disabled?: boolean; children: ReactNode }>;
  export const Switch: ComponentType<
    ButtonHTMLAttributes<HTMLButtonElement> &
      DataAttributes & { checked: boolean; onCheckedChange(checked: boolean): void }
  >;
  export const Tooltip: ComponentType<{ children: ReactNode }>;
  export const TooltipTrigger: ComponentType<{ asChild?: boolean; children: ReactElement }>;
  export const TooltipContent: ComponentType<{ side?: 'top' | 'left' | 'bottom' | 'right'; children: ReactNode }>;
}

declare module '@ohif/core' {
  interface StoreSeries {
    readonly SeriesInstanceUID: string;
    readonly Modality?: string;
    readonly SeriesDescription?: string;
    /** Empty until the metadata of the series have come. */
    readonly instances: readonly object[];
  }
  /** The viewer's store of naturalised DICOM metadata. */
  export const DicomMetadataStore: {
    /** Adds instances and lets the open study make display sets of them. */
    addInstances(instances: object[], madeInClient?: boolean): void;
    getStudy(studyInstanceUid: string): { readonly series: readonly StoreSeries[] } | undefined;
  };
}
