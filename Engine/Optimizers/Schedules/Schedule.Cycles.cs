using System.Globalization;

namespace Engine;

public abstract partial record Schedule
{
    /// <summary>
    /// A cosine from one value to the other that starts again when it has ended, each time longer by the same factor (Loshchilov &amp;
    /// Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts, 2017; PyTorch's CosineAnnealingWarmRestarts).
    /// </summary>
    /// <param name="updates">The length of the first cycle, at least 1.</param>
    /// <param name="multiplier">What the length is multiplied by at each restart, at least 1.</param>
    /// <param name="from">The value at a restart.</param>
    /// <param name="to">The value that each cycle approaches; it restarts at the update at which it would be reached.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static Schedule CosineRestarts(long updates, long multiplier = 1, double from = 1, double to = 0)
    {
        const string name = nameof(CosineRestarts);
        return new CosineRestartsSchedule(
            CheckUpdates(name, nameof(updates), updates), CheckUpdates(name, nameof(multiplier), multiplier),
            CheckNumber(name, nameof(from), from), CheckNumber(name, nameof(to), to));
    }

    /// <summary>
    /// Linearly from one value to the other and back, without end (Smith, Cyclical Learning Rates for Training Neural Networks, 2017;
    /// PyTorch's CyclicLR). With <paramref name="from"/> above <paramref name="to"/> it is the counter-cycle, for a momentum.
    /// </summary>
    /// <param name="up">The number of updates from the one to the other, at least 1.</param>
    /// <param name="down">The number of updates back, at least 1.</param>
    /// <param name="from">The value at the beginning of a cycle.</param>
    /// <param name="to">The value in its middle.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static Schedule Triangular(long up, long down, double from = 0, double to = 1) =>
        Cyclic(nameof(Triangular), up, down, from, to, CycleAmplitude.Full, 1);

    /// <summary><see cref="Triangular"/> with an amplitude that is halved from each cycle to the next (triangular2).</summary>
    /// <param name="up">The number of updates from the one value to the other, at least 1.</param>
    /// <param name="down">The number of updates back, at least 1.</param>
    /// <param name="from">The value at the beginning of a cycle.</param>
    /// <param name="to">The value in the middle of the first cycle.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static Schedule TriangularHalving(long up, long down, double from = 0, double to = 1) =>
        Cyclic(nameof(TriangularHalving), up, down, from, to, CycleAmplitude.PerCycle, 0.5);

    /// <summary><see cref="Triangular"/> with the amplitude factorᵗ (exp_range).</summary>
    /// <param name="factor">What each update multiplies the amplitude by, at least 0.</param>
    /// <param name="up">The number of updates from the one value to the other, at least 1.</param>
    /// <param name="down">The number of updates back, at least 1.</param>
    /// <param name="from">The value at the beginning of a cycle.</param>
    /// <param name="to">The value that the middle of a cycle would have without the factor.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static Schedule TriangularExponential(double factor, long up, long down, double from = 0, double to = 1) => Cyclic(
        nameof(TriangularExponential), up, down, from, to, CycleAmplitude.PerUpdate,
        CheckNonNegative(nameof(TriangularExponential), nameof(factor), factor));

    /// <summary>
    /// One cycle: up to the peak and down to almost nothing (Smith &amp; Topin, Super-Convergence: Very Fast Training of Neural Networks
    /// Using Large Learning Rates, 2019; PyTorch's OneCycleLR). The counter-cycle of the momentum is
    /// <c>OneCycle(updates, initial: 0.95, peak: 0.85, final: 0.95)</c>.
    /// </summary>
    /// <param name="updates">The number of updates N, at least 2; the last of them, t = N − 1, has the final value.</param>
    /// <param name="warmup">
    /// The part of the updates up to the peak, in (0, 1): the peak is at t = warmup·N − 1; at 0 if warmup·N is 1 or less, as in PyTorch.
    /// </param>
    /// <param name="initial">The value at t = 0: 1/25, as PyTorch's <c>div_factor</c>.</param>
    /// <param name="peak">The largest value.</param>
    /// <param name="final">The last value: 10⁻⁴ of the initial one, as PyTorch's <c>final_div_factor</c>.</param>
    /// <param name="interpolation">The form of both phases.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static Schedule OneCycle(long updates, double warmup = 0.3, double initial = 1.0 / 25, double peak = 1,
        double final = 1.0 / 25 / 1e4, Interpolation interpolation = Interpolation.Cosine) =>
        OneCycle(nameof(OneCycle), updates, warmup, below: 1, initial, peak, final, interpolation,
            new OneCyclePhase(warmup * updates - 1, peak));

    /// <summary>
    /// One cycle in three phases: up to the peak, down to the initial value in as many updates, and on to the final value (the original
    /// form of the paper; PyTorch's <c>three_phase</c>).
    /// </summary>
    /// <param name="updates">The number of updates N, at least 2; the last of them, t = N − 1, has the final value.</param>
    /// <param name="warmup">The part of the updates up to the peak, in (0, ½): the peak is at t = warmup·N − 1.</param>
    /// <param name="initial">The value at t = 0 and at the end of the second phase, t = 2(warmup·N − 1).</param>
    /// <param name="peak">The largest value.</param>
    /// <param name="final">The last value.</param>
    /// <param name="interpolation">The form of the phases.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static Schedule OneCycleThreePhase(long updates, double warmup = 0.3, double initial = 1.0 / 25, double peak = 1,
        double final = 1.0 / 25 / 1e4, Interpolation interpolation = Interpolation.Cosine) =>
        OneCycle(nameof(OneCycleThreePhase), updates, warmup, below: 0.5, initial, peak, final, interpolation,
            new OneCyclePhase(warmup * updates - 1, peak), new OneCyclePhase(2 * warmup * updates - 2, initial));

    private static CyclicSchedule Cyclic(
        string schedule, long up, long down, double from, double to, CycleAmplitude amplitude, double factor) => new(
        CheckUpdates(schedule, nameof(up), up), CheckUpdates(schedule, nameof(down), down), CheckNumber(schedule, nameof(from), from),
        CheckNumber(schedule, nameof(to), to), amplitude, factor);

    private static OneCycleSchedule OneCycle(string schedule, long updates, double warmup, double below, double initial, double peak,
        double final, Interpolation interpolation, params ReadOnlySpan<OneCyclePhase> phases)
    {
        if (CheckUpdates(schedule, nameof(updates), updates) < 2)
        {
            throw OutOfRange(schedule, nameof(updates), updates, "at least 2 updates");
        }
        if (!(warmup > 0 && warmup < below))
        {
            throw OutOfRange(schedule, nameof(warmup), warmup, string.Create(CultureInfo.InvariantCulture, $"a number in (0, {below})"));
        }
        CheckNumber(schedule, nameof(initial), initial);
        CheckNumber(schedule, nameof(peak), peak);
        CheckNumber(schedule, nameof(final), final);
        Known(schedule, interpolation);
        return new OneCycleSchedule(
            updates, initial, interpolation, new ValueList<OneCyclePhase>([.. phases, new OneCyclePhase(updates - 1, final)]));
    }
}
