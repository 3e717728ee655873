namespace Engine;

public abstract partial record Schedule
{
    /// <summary>
    /// A linear rise to 1: (1 − t/N)·from + t/N. The first update has the value <paramref name="from"/>; where a rate of 0 would waste it,
    /// give 1.0/N or so.
    /// </summary>
    /// <param name="updates">N, at least 1.</param>
    /// <param name="from">The value at t = 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static Schedule Warmup(long updates, double from = 0) => new LinearSchedule(
        CheckUpdates(nameof(Warmup), nameof(updates), updates), CheckNumber(nameof(Warmup), nameof(from), from), 1);

    /// <summary>A rise to 1 along half a cosine: cos²(π/2·t/N)·from + sin²(π/2·t/N).</summary>
    /// <param name="updates">N, at least 1.</param>
    /// <param name="from">The value at t = 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static Schedule CosineWarmup(long updates, double from = 0) => new CosineSchedule(
        CheckUpdates(nameof(CosineWarmup), nameof(updates), updates), CheckNumber(nameof(CosineWarmup), nameof(from), from), 1);

    /// <summary>A rise to 1 in which each update multiplies by the same factor: from^(1 − t/N).</summary>
    /// <param name="updates">N, at least 1.</param>
    /// <param name="from">The value at t = 0, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static Schedule ExponentialWarmup(long updates, double from = 0.01) => new GeometricSchedule(
        CheckUpdates(nameof(ExponentialWarmup), nameof(updates), updates), CheckPositive(nameof(ExponentialWarmup), nameof(from), from), 1);

    /// <summary>
    /// Warm-up, a plateau, and a decay at the end: t/W, then 1, then linearly to a last value (Hu et al., MiniCPM: Unveiling the Potential
    /// of Small Language Models with Scalable Training Strategies, 2024). For a decay of another form, join one to
    /// <c>Warmup(W).Then(Constant(1).For(S))</c>.
    /// </summary>
    /// <param name="warmup">The number of updates W of the warm-up, at least 1.</param>
    /// <param name="stable">The number of updates at 1, at least 1.</param>
    /// <param name="decay">The number of updates of the decay, at least 1.</param>
    /// <param name="to">The last value.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static Schedule WarmupStableDecay(long warmup, long stable, long decay, double to = 0)
    {
        const string name = nameof(WarmupStableDecay);
        return new LinearSchedule(CheckUpdates(name, nameof(warmup), warmup), 0, 1)
            .Then(Constant(1).For(CheckUpdates(name, nameof(stable), stable)))
            .Then(new LinearSchedule(CheckUpdates(name, nameof(decay), decay), 1, CheckNumber(name, nameof(to), to)));
    }
}
