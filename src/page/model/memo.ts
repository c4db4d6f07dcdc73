import { createElement, Component, type FunctionComponent } from 'preact';

/** A component that is drawn again only when one of its properties is another value. */
export function memo<Props extends object>(drawn: FunctionComponent<Props>): FunctionComponent<Props> {
  class Memo extends Component<Props> {
    override shouldComponentUpdate(next: Props): boolean {
      return differ(this.props, next);
    }
    override render(props: Props) {
      return createElement(drawn, props);
    }
  }
  return (props) => createElement(Memo, props);
}

function differ(one: object, other: object): boolean {
  const before = new Map(Object.entries(one));
  const after = Object.entries(other);
  return before.size !== after.length || after.some(([key, value]) => !Object.is(before.get(key), value));
}
