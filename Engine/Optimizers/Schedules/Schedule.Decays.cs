using System.Runtime.CompilerServices;

namespace Engine;

public abstract partial record Schedule
{
    /// <summary>Always the same value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite.</exception>
    public static Schedule Constant(double value) => new ConstantSchedule(CheckNumber(nameof(Constant), nameof(value), value));

    /// <summary>factor^⌊t/size⌋ (PyTorch's StepLR; optax's exponential_decay with staircase).</summary>
    /// <param name="size">The number of updates between two changes, at least 1.</param>
    /// <param name="factor">What each change multiplies by, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static Schedule Step(long size, double factor) =>
        new StepSchedule(CheckUpdates(nameof(Step), nameof(size), size), CheckNonNegative(nameof(Step), nameof(factor), factor));

    /// <summary>
    /// factorⁿ, where n is the number of milestones that are at most t (PyTorch's MultiStepLR). One that is given twice counts twice.
    /// </summary>
    /// <param name="factor">What each milestone multiplies by, at least 0.</param>
    /// <param name="milestones">The update counts from which on a factor is added, in ascending order, at least one.</param>
    /// <exception cref="ArgumentException">There are no milestones, or they do not ascend.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The factor is negative, or a milestone is below 1 or above 2⁵³.</exception>
    public static Schedule MultiStep(double factor, params ReadOnlySpan<long> milestones)
    {
        CheckNonNegative(nameof(MultiStep), nameof(factor), factor);
        for (int i = 0; i < milestones.Length; i++)
        {
            CheckUpdates(nameof(MultiStep), nameof(milestones), milestones[i]);
            CheckOrder(nameof(MultiStep), nameof(milestones), i == 0 ? 0 : milestones[i - 1], milestones[i], mayRepeat: true);
        }
        CheckAny(nameof(MultiStep), nameof(milestones), milestones.Length);
        return new MultiStepSchedule(factor, new ValueList<long>(milestones));
    }

    /// <summary>(1 − t/N)·from + t/N·to (PyTorch's LinearLR, optax's linear_schedule).</summary>
    /// <param name="updates">N, at least 1.</param>
    /// <param name="from">The value at t = 0.</param>
    /// <param name="to">The value at t = N, and from then on.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static Schedule Linear(long updates, double from = 1, double to = 0) => new LinearSchedule(
        CheckUpdates(nameof(Linear), nameof(updates), updates), CheckNumber(nameof(Linear), nameof(from), from),
        CheckNumber(nameof(Linear), nameof(to), to));

    /// <summary>factorᵗ without end (PyTorch's ExponentialLR).</summary>
    /// <param name="factor">What each update multiplies by, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The factor is negative or not finite.</exception>
    public static Schedule Exponential(double factor) => Exponential(factor, 1);

    /// <summary>factor^(t/N) without end (optax's exponential_decay).</summary>
    /// <param name="factor">What N updates multiply by, at least 0.</param>
    /// <param name="updates">N, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static Schedule Exponential(double factor, long updates) => new ExponentialSchedule(
        CheckNonNegative(nameof(Exponential), nameof(factor), factor), CheckUpdates(nameof(Exponential), nameof(updates), updates));

    /// <summary>from^(1 − t/N)·to^(t/N): each update multiplies by the same factor.</summary>
    /// <param name="updates">N, at least 1.</param>
    /// <param name="from">The value at t = 0, above 0.</param>
    /// <param name="to">The value at t = N, and from then on, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static Schedule Geometric(long updates, double from, double to) => new GeometricSchedule(
        CheckUpdates(nameof(Geometric), nameof(updates), updates), CheckPositive(nameof(Geometric), nameof(from), from),
        CheckPositive(nameof(Geometric), nameof(to), to));

    /// <summary>to + (from − to)·(1 − t/N)^p (PyTorch's PolynomialLR, optax's polynomial_schedule).</summary>
    /// <param name="updates">N, at least 1.</param>
    /// <param name="power">p, above 0.</param>
    /// <param name="from">The value at t = 0.</param>
    /// <param name="to">The value at t = N, and from then on.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static Schedule Polynomial(long updates, double power, double from = 1, double to = 0) => new PolynomialSchedule(
        CheckUpdates(nameof(Polynomial), nameof(updates), updates), CheckPositive(nameof(Polynomial), nameof(power), power),
        CheckNumber(nameof(Polynomial), nameof(from), from), CheckNumber(nameof(Polynomial), nameof(to), to));

    /// <summary>
    /// cos²(π/2·t/N)·from + sin²(π/2·t/N)·to, which is to + (from − to)·(1 + cos(πt/N))/2 (Loshchilov &amp; Hutter, SGDR: Stochastic
    /// Gradient Descent with Warm Restarts, 2017; optax's cosine_decay_schedule). PyTorch's CosineAnnealingLR is the same up to t = N,
    /// from where it rises again: <c>Cosine(N).Then(Cosine(N, 0, 1)).Repeat()</c>.
    /// </summary>
    /// <param name="updates">N, at least 1.</param>
    /// <param name="from">The value at t = 0.</param>
    /// <param name="to">The value at t = N, and from then on.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static Schedule Cosine(long updates, double from = 1, double to = 0) => new CosineSchedule(
        CheckUpdates(nameof(Cosine), nameof(updates), updates), CheckNumber(nameof(Cosine), nameof(from), from),
        CheckNumber(nameof(Cosine), nameof(to), to));

    /// <summary>to + (from − to)·((1 + cos(πt/N))/2)^p (optax's cosine_decay_schedule with exponent).</summary>
    /// <param name="updates">N, at least 1.</param>
    /// <param name="power">p, above 0.</param>
    /// <param name="from">The value at t = 0.</param>
    /// <param name="to">The value at t = N, and from then on.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static Schedule CosinePower(long updates, double power, double from = 1, double to = 0) => new CosinePowerSchedule(
        CheckUpdates(nameof(CosinePower), nameof(updates), updates), CheckPositive(nameof(CosinePower), nameof(power), power),
        CheckNumber(nameof(CosinePower), nameof(from), from), CheckNumber(nameof(CosinePower), nameof(to), to));

    /// <summary>
    /// √(N/(t + N)) without end. After <c>Warmup(N)</c> it is the schedule of Vaswani et al., Attention Is All You Need, 2017.
    /// </summary>
    /// <param name="updates">N, at least 1: after 3N updates the value is ½.</param>
    /// <exception cref="ArgumentOutOfRangeException">N is outside its range.</exception>
    public static Schedule InverseSquareRoot(long updates) =>
        new InverseSquareRootSchedule(CheckUpdates(nameof(InverseSquareRoot), nameof(updates), updates));

    /// <summary>Each point's value from its update on; before the first point, the first value.</summary>
    /// <param name="points">Pairs of update and value, in ascending order of the updates, at least one.</param>
    /// <exception cref="ArgumentException">There are no points, or their updates do not ascend.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An update is outside 0 to 2⁵³, or a value not finite.</exception>
    public static Schedule PiecewiseConstant(params ReadOnlySpan<SchedulePoint> points) =>
        new PiecewiseConstantSchedule(Points(nameof(PiecewiseConstant), points));

    /// <summary>
    /// Through all points, with an interpolation between each two; before the first point its value, after the last one that one's (optax's
    /// piecewise_interpolate_schedule).
    /// </summary>
    /// <param name="interpolation">What is between two points.</param>
    /// <param name="points">Pairs of update and value, in ascending order of the updates, at least one.</param>
    /// <exception cref="ArgumentException">There are no points, or their updates do not ascend.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static Schedule Piecewise(Interpolation interpolation, params ReadOnlySpan<SchedulePoint> points) =>
        new PiecewiseSchedule(Known(nameof(Piecewise), interpolation), Points(nameof(Piecewise), points));

    /// <summary>Any function of the number of updates made before. It must be pure: what it reads besides must not change.</summary>
    /// <param name="function">The function.</param>
    /// <param name="formula">Its text; by default the argument as it is written.</param>
    public static Schedule Function(Func<long, double> function, [CallerArgumentExpression(nameof(function))] string formula = "")
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(formula);
        return new FunctionSchedule(function, string.Join(' ', formula.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
    }

    private static ValueList<SchedulePoint> Points(string schedule, ReadOnlySpan<SchedulePoint> points)
    {
        long last = -1;
        foreach ((long update, double value) in points)
        {
            if (update is < 0 or > MaxUpdates)
            {
                throw OutOfRange(schedule, nameof(points), update, $"updates from 0 to {MaxUpdates}");
            }
            CheckNumber(schedule, nameof(points), value);
            CheckOrder(schedule, nameof(points), last, update, mayRepeat: false);
            last = update;
        }
        CheckAny(schedule, nameof(points), points.Length);
        return new ValueList<SchedulePoint>(points);
    }

    private static void CheckOrder(string schedule, string name, long before, long next, bool mayRepeat)
    {
        if (next < before || next == before && !mayRepeat)
        {
            throw new ArgumentException($"{schedule}: got {next} after {before}, expected {name} in ascending order.", name);
        }
    }

    private static void CheckAny(string schedule, string name, int count)
    {
        if (count == 0)
        {
            throw new ArgumentException($"{schedule}: got no {name}, expected at least one.", name);
        }
    }

    private static Interpolation Known(string schedule, Interpolation interpolation) => Enum.IsDefined(interpolation)
        ? interpolation
        : throw OutOfRange(schedule, nameof(interpolation), (int)interpolation, "Linear or Cosine");
}
