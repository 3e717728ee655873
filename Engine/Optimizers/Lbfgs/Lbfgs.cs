using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// L-BFGS, a quasi-Newton method for losses without noise (Liu &amp; Nocedal, On the limited memory BFGS method for large scale
/// optimization, 1989; Nocedal &amp; Wright, Numerical Optimization, algorithm 7.4), as in PyTorch. All parameters are one vector.
/// </summary>
/// <remarks>
/// <code>
/// d = −g
/// for the pairs from the newest to the oldest: αᵢ = sᵢ·d/(sᵢ·yᵢ), d ← d − αᵢyᵢ
/// d ← (s·y)/(y·y)·d with the newest pair
/// for the pairs from the oldest to the newest: β = yᵢ·d/(sᵢ·yᵢ), d ← d + (αᵢ − β)sᵢ
/// τ = η, at the first iteration η·min(1, 1/‖g‖₁), or the step length that the line search finds from there
/// θ ← θ + τd
/// s = τd, y = g − g₋₁: a new pair where s·y &gt; 10⁻¹⁰, in place of the oldest if there are HistorySize
/// </code>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed partial class Lbfgs<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const double MinCurvature = 1e-10;

    private readonly Parameter<T>[] _parameters;
    private readonly List<Pair> _pairs = [];
    private readonly Stack<Pair> _spare = [];
    private readonly Buffer<T> _start, _direction, _previous;
    private Buffer<T> _gradient;
    private double _t, _scale = 1;
    private bool _isEvaluating;

    /// <summary>Creates an optimizer of these parameters.</summary>
    /// <param name="parameters">The parameters, at least one.</param>
    /// <param name="historySize">The largest number of pairs, at least 1; two copies of the parameters are allocated for each.</param>
    /// <exception cref="ArgumentException">There are no parameters, or one is given twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The history size is below 1.</exception>
    public Lbfgs(IEnumerable<Parameter<T>> parameters, int historySize = 100)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (historySize < 1)
        {
            throw OutOfRange(nameof(historySize), historySize, "at least 1");
        }
        _parameters = [.. parameters];
        if (_parameters.Length == 0)
        {
            throw new ArgumentException("Lbfgs: got no parameters, expected at least one.", nameof(parameters));
        }
        for (int i = 0; i < _parameters.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(_parameters[i], nameof(parameters));
            if (Array.IndexOf(_parameters, _parameters[i]) != i)
            {
                throw new ArgumentException(
                    $"Lbfgs: got the parameter '{_parameters[i].Name}' twice, expected it once.", nameof(parameters));
            }
        }
        int length = checked(_parameters.Sum(parameter => parameter.Shape.Length));
        HistorySize = historySize;
        (_start, _direction, _previous, _gradient) = (New(), New(), New(), New());
        _trialGradients = [New(), New(), New()];

        Buffer<T> New() => new(length, clear: true);
    }

    /// <summary>The learning rate η &gt; 0: the step length, or the first trial of the line search, for which 1 is right.</summary>
    public double LearningRate
    {
        get;
        set => field = value > 0 && double.IsFinite(value) ? value : throw OutOfRange(nameof(LearningRate), value, "a positive number");
    } = 1;

    /// <summary>The largest number of iterations in one <see cref="Step"/>, at least 1.</summary>
    public int MaxIterations
    {
        get;
        set => field = value >= 1 ? value : throw OutOfRange(nameof(MaxIterations), value, "at least 1");
    } = 20;

    /// <summary>
    /// The number of calls of the closure after which a <see cref="Step"/> starts no further iteration, at least 1; null for 5/4 of
    /// <see cref="MaxIterations"/>.
    /// </summary>
    public int? MaxEvaluations
    {
        get;
        set => field = value is null or >= 1 ? value : throw OutOfRange(nameof(MaxEvaluations), value.Value, "at least 1");
    }

    /// <summary>The bound on the elements of the gradient below which a step ends, at least 0.</summary>
    public double GradientTolerance
    {
        get;
        set => field = value >= 0 && double.IsFinite(value)
            ? value
            : throw OutOfRange(nameof(GradientTolerance), value, "a number that is finite and at least 0");
    } = 1e-7;

    /// <summary>The change of the loss, or of the parameters, below which a step ends, at least 0.</summary>
    public double ChangeTolerance
    {
        get;
        set => field = value >= 0 && double.IsFinite(value)
            ? value
            : throw OutOfRange(nameof(ChangeTolerance), value, "a number that is finite and at least 0");
    } = 1e-9;

    /// <summary>How the step length is found.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not one of the enumeration.</exception>
    public LineSearch LineSearch
    {
        get;
        set => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(LineSearch), string.Create(
            CultureInfo.InvariantCulture,
            $"LineSearch: got {(int)value}, expected one of {string.Join(", ", Enum.GetNames<LineSearch>())}."));
    }

    /// <summary>Whether the loss is maximized instead of minimized.</summary>
    public bool Maximize { get; init; }

    /// <summary>The largest number of pairs s, y.</summary>
    public int HistorySize { get; }

    /// <summary>The number of calls of the closure so far.</summary>
    public long Evaluations { get; private set; }

    /// <summary>The number of iterations so far.</summary>
    public long Iterations { get; private set; }

    /// <summary>Makes up to <see cref="MaxIterations"/> iterations, until a tolerance is met.</summary>
    /// <param name="closure">
    /// Computes the loss and its gradients for the present values of the parameters, and returns the loss. The gradients were cleared
    /// before; a missing one counts as zero.
    /// </param>
    /// <returns>The loss before the step.</returns>
    /// <exception cref="ArithmeticException">
    /// The loss or a gradient is not finite at the start of the step (nothing was changed) or after an iteration without line search (the
    /// parameters have their last finite values). A line search rejects such trials by itself.
    /// </exception>
    public T Step(Func<T> closure)
    {
        ArgumentNullException.ThrowIfNull(closure);
        int maxEvaluations = MaxEvaluations ?? (int)Math.Min(int.MaxValue, MaxIterations * 5L / 4);
        T first = Evaluate(closure, _gradient, out double loss);
        if (!double.IsFinite(loss) || !double.IsFinite(Vectors.Norm<T>(_gradient.Span)))
        {
            throw new ArithmeticException(string.Create(CultureInfo.InvariantCulture,
                $"Lbfgs: got the loss {first} or a gradient that is not finite; nothing was changed."));
        }
        int evaluations = 1;
        if (Vectors.Largest<T>(_gradient.Span) <= GradientTolerance)
        {
            return first;
        }
        for (int iteration = 1; iteration <= MaxIterations; iteration++)
        {
            Iterations++;
            ComputeDirection();
            Span<T> d = _direction.Span;
            _gradient.Span.CopyTo(_previous.Span);
            double before = loss, slope = Vectors.Dot<T>(_gradient.Span, d);
            _t = Iterations == 1 ? Math.Min(1, 1 / Vectors.AbsoluteSum<T>(_gradient.Span)) * LearningRate : LearningRate;
            if (!(slope <= -ChangeTolerance))
            {
                break;
            }
            CopyParameters(_start.Span);
            if (LineSearch == LineSearch.StrongWolfe)
            {
                evaluations += Search(closure, ref loss, slope, maxEvaluations - evaluations);
                Move(_t);
            }
            else
            {
                Move(_t);
                if (iteration < MaxIterations)
                {
                    evaluations++;
                    EvaluateStep(closure, ref loss);
                }
            }
            if (evaluations >= maxEvaluations || Vectors.Largest<T>(_gradient.Span) <= GradientTolerance
                || Vectors.Largest<T>(d) * _t <= ChangeTolerance || Math.Abs(loss - before) < ChangeTolerance)
            {
                break;
            }
        }
        return first;
    }

    /// <summary>Adds the newest pair, and computes the direction d = −Hg.</summary>
    private void ComputeDirection()
    {
        Span<T> d = _direction.Span, g = _gradient.Span;
        if (Iterations > 1)
        {
            AddPair();
        }
        TensorPrimitives.Negate(g, d);
        for (int i = _pairs.Count - 1; i >= 0; i--)
        {
            Pair pair = _pairs[i];
            pair.Α = Vectors.Dot<T>(pair.S.Span, d) * pair.Ρ;
            Vectors.AddScaled(d, -pair.Α, pair.Y.Span);
        }
        Vectors.Scale(d, _scale);
        for (int i = 0; i < _pairs.Count; i++)
        {
            Pair pair = _pairs[i];
            double β = Vectors.Dot<T>(pair.Y.Span, d) * pair.Ρ;
            Vectors.AddScaled(d, pair.Α - β, pair.S.Span);
        }
    }

    /// <summary>Adds the pair s = τd and y = g − g₋₁, if the curvature along it is positive.</summary>
    private void AddPair()
    {
        Pair pair = _spare.TryPop(out Pair? spare) ? spare : new Pair(_start.Length);
        TensorPrimitives.Subtract(_gradient.Span, _previous.Span, pair.Y.Span);
        TensorPrimitives.Multiply(_direction.Span, T.CreateTruncating(_t), pair.S.Span);
        double ys = Vectors.Dot<T>(pair.Y.Span, pair.S.Span);
        if (!(ys > MinCurvature))
        {
            _spare.Push(pair);
            return;
        }
        if (_pairs.Count == HistorySize)
        {
            _spare.Push(_pairs[0]);
            _pairs.RemoveAt(0);
        }
        pair.Ρ = 1 / ys;
        _pairs.Add(pair);
        _scale = ys / Vectors.Dot<T>(pair.Y.Span, pair.Y.Span);
    }

    /// <summary>Evaluates the loss and its gradient after a step without line search.</summary>
    private void EvaluateStep(Func<T> closure, ref double loss)
    {
        Buffer<T> gradient = _trialGradients[0];
        T reached;
        try
        {
            reached = Evaluate(closure, gradient, out double now);
            if (double.IsFinite(now) && double.IsFinite(Vectors.Norm<T>(gradient.Span)))
            {
                (_gradient, _trialGradients[0]) = (gradient, _gradient);
                loss = now;
                return;
            }
        }
        catch
        {
            SetParameters(_start.Span);
            throw;
        }
        SetParameters(_start.Span);
        throw new ArithmeticException(string.Create(CultureInfo.InvariantCulture,
            $"Lbfgs: a step of length {_t} led to the loss {reached} or a gradient that is not finite; ")
            + "the parameters have their values from before it. Use a smaller learning rate or a line search.");
    }

    /// <summary>Calls the closure, and collects the gradients in one vector.</summary>
    private T Evaluate(Func<T> closure, Buffer<T> gradient, out double loss)
    {
        foreach (Parameter<T> parameter in _parameters)
        {
            parameter.ClearGradient();
        }
        T value;
        _isEvaluating = true;
        try
        {
            value = closure();
        }
        finally
        {
            _isEvaluating = false;
        }
        Evaluations++;
        loss = double.CreateTruncating(Maximize ? -value : value);
        Span<T> all = gradient.Span;
        int from = 0;
        foreach (Parameter<T> parameter in _parameters)
        {
            Span<T> part = all.Slice(from, parameter.Shape.Length);
            if (parameter.HasGradient)
            {
                parameter.Gradient.Span.CopyTo(part);
            }
            else
            {
                part.Clear();
            }
            from += part.Length;
        }
        if (Maximize)
        {
            TensorPrimitives.Negate(all, all);
        }
        return value;
    }

    /// <summary>Sets the parameters to their values at the start of the iteration plus td.</summary>
    private void Move(double t)
    {
        SetParameters(_start.Span);
        int from = 0;
        foreach (Parameter<T> parameter in _parameters)
        {
            Vectors.AddScaled(parameter.Value.Output, t, _direction.Span.Slice(from, parameter.Shape.Length));
            from += parameter.Shape.Length;
        }
    }

    private void CopyParameters(Span<T> all)
    {
        int from = 0;
        foreach (Parameter<T> parameter in _parameters)
        {
            parameter.Value.Span.CopyTo(all[from..]);
            from += parameter.Shape.Length;
        }
    }

    private void SetParameters(ReadOnlySpan<T> all)
    {
        int from = 0;
        foreach (Parameter<T> parameter in _parameters)
        {
            all.Slice(from, parameter.Shape.Length).CopyTo(parameter.Value.Output);
            from += parameter.Shape.Length;
        }
    }

    private static ArgumentOutOfRangeException OutOfRange(string name, IFormattable value, string expected) =>
        new(name, $"Lbfgs: got {name} = {value.ToString(null, CultureInfo.InvariantCulture)}, expected {expected}.");

    /// <summary>A step s and the change y of the gradient over it.</summary>
    private sealed class Pair(int length)
    {
        public Buffer<T> S { get; } = new(length, clear: false);

        public Buffer<T> Y { get; } = new(length, clear: false);

        /// <summary>The factor 1/(s·y).</summary>
        public double Ρ { get; set; }

        /// <summary>The coefficient α in the direction of this iteration.</summary>
        public double Α { get; set; }
    }
}
