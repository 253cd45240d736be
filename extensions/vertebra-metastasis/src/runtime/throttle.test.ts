import { throttle } from './throttle';

describe('throttle', () => {
  it('reports at once, then at most once an interval, and whenever forced', () => {
    let time = 0;
    const reports: number[] = [];
    const { soon, now } = throttle(
      () => reports.push(time),
      100,
      () => time
    );
    for (time = 0; time <= 250; time += 10) soon();
    expect(reports).toEqual([0, 100, 200]);
    time = 255;
    now();
    expect(reports).toEqual([0, 100, 200, 255]);
  });
});
