/** What is read of a dashboard's JSON; everything may be missing, for anybody may have written it. */

export interface Mapping {
  readonly type?: string;
  readonly options?: unknown;
}

export interface Step {
  readonly value: number | null;
  readonly color: string;
}

export interface FieldOptions {
  readonly unit?: string;
  readonly decimals?: number | null;
  readonly min?: number | null;
  readonly max?: number | null;
  readonly noValue?: string;
  readonly displayName?: string;
  readonly mappings?: readonly Mapping[] | null;
  readonly thresholds?: { readonly mode?: string; readonly steps?: readonly Step[] } | null;
  readonly color?: { readonly mode?: string; readonly fixedColor?: string } | null;
  readonly links?: readonly Link[] | null;
  readonly custom?: Readonly<Record<string, unknown>> | null;
}

export interface Override {
  readonly matcher?: { readonly id?: string; readonly options?: unknown };
  readonly properties?: readonly { readonly id: string; readonly value?: unknown }[];
}

export interface Query {
  readonly expr?: string;
  readonly legendFormat?: string;
  readonly format?: string;
  readonly instant?: boolean;
  readonly range?: boolean;
  readonly hide?: boolean;
  readonly refId?: string;
  readonly interval?: string;
}

export interface Link {
  readonly title?: string;
  readonly url?: string;
  readonly type?: string;
  readonly tooltip?: string;
  readonly targetBlank?: boolean;
  readonly includeVars?: boolean;
  readonly keepTime?: boolean;
}

export interface Transformation {
  readonly id: string;
  readonly disabled?: boolean;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** Options of a kind of panel; what is not there is undefined. */
export interface Options {
  readonly legend?: { readonly showLegend?: boolean; readonly displayMode?: string; readonly placement?: string; readonly calcs?: readonly string[]; readonly values?: readonly string[]; readonly show?: boolean };
  readonly tooltip?: { readonly mode?: string; readonly sort?: string };
  readonly reduceOptions?: { readonly calcs?: readonly string[]; readonly values?: boolean; readonly limit?: number };
  readonly orientation?: string;
  readonly [name: string]: unknown;
}

export interface Panel {
  readonly id?: number;
  readonly type: string;
  readonly title?: string;
  readonly description?: string;
  readonly gridPos?: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly Query[] | null;
  readonly fieldConfig?: { readonly defaults?: FieldOptions; readonly overrides?: readonly Override[] } | null;
  readonly options?: Options | null;
  readonly transformations?: readonly Transformation[] | null;
  readonly links?: readonly Link[] | null;
  readonly panels?: readonly Panel[] | null;
  readonly collapsed?: boolean;
  readonly interval?: string | null;
  readonly repeat?: string | null;
}

export interface Variable {
  readonly type: string;
  readonly name: string;
  readonly label?: string | null;
  readonly query?: string | { readonly query?: string };
  readonly regex?: string;
  readonly sort?: number;
  readonly multi?: boolean;
  readonly includeAll?: boolean;
  readonly allValue?: string | null;
  readonly hide?: number;
  readonly current?: { readonly value?: string | readonly string[]; readonly text?: string | readonly string[] } | null;
}

export interface Annotation {
  readonly name?: string;
  readonly enable?: boolean;
  readonly hide?: boolean;
  readonly iconColor?: string;
  readonly expr?: string;
  readonly step?: string;
  readonly titleFormat?: string;
  readonly textFormat?: string;
  readonly builtIn?: number;
}

export interface Dashboard {
  readonly uid?: string;
  readonly title?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly panels?: readonly Panel[];
  readonly templating?: { readonly list?: readonly Variable[] | null };
  readonly annotations?: { readonly list?: readonly Annotation[] | null };
  readonly time?: { readonly from?: string; readonly to?: string };
  readonly refresh?: string | false;
  readonly links?: readonly Link[] | null;
  readonly graphTooltip?: number;
}
