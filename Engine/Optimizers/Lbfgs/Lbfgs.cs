using System.Numerics;
using System.Numerics.Tensors;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// L-BFGS for losses without noise (Liu &amp; Nocedal, On the limited memory BFGS method for large scale optimization, 1989; Nocedal &amp; Wright, Numerical Optimization, algorithm 7.4), as in PyTorch: the direction
/// −Hg from the last pairs s = Δθ, y = Δg, kept where s·y &gt; 10⁻¹⁰; the first step has the length min(1, 1/‖g‖₁)·η, later ones η or what the line search finds.
/// All parameters are one vector.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed partial class Lbfgs<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const double LeastCurvature = 1e-10;

    private readonly Parameter<T>[] _parameters;
    private readonly List<Pair> _pairs = [];
    private readonly Stack<Pair> _spare = [];
    private readonly Buffer<T> _home, _direction, _previous;
    private readonly double[] _α;
    private Buffer<T> _gradient;
    private double _t, _scale = 1;

    /// <summary>An optimizer of these parameters.</summary>
    /// <param name="parameters">At least one.</param>
    /// <param name="history">How many pairs are remembered, at least 1: memory for 2·history copies of the parameters.</param>
    /// <exception cref="ArgumentException">There are no parameters, or one is there twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The history is below 1.</exception>
    public Lbfgs(IEnumerable<Parameter<T>> parameters, int history = 100)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentOutOfRangeException.ThrowIfLessThan(history, 1);
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
                throw new ArgumentException($"Lbfgs: got the parameter '{_parameters[i].Name}' twice, expected each once.", nameof(parameters));
            }
        }
        int length = checked(_parameters.Sum(parameter => parameter.Shape.Length));
        History = history;
        _α = new double[history];
        (_home, _direction, _previous, _gradient) = (New(), New(), New(), New());
        _free = [New(), New(), New()];

        Buffer<T> New() => new(length, clear: true);
    }

    /// <summary>η &gt; 0: the length of the first trial in units of the direction; 1 is right with a line search.</summary>
    public double LearningRate
    {
        get;
        set => field = value > 0 && double.IsFinite(value) ? value : throw OutOfRange(nameof(LearningRate), value, "a positive number");
    } = 1;

    /// <summary>Iterations in one <see cref="Step"/>, at least 1.</summary>
    public int MaximumIterations
    {
        get;
        set => field = value >= 1 ? value : throw OutOfRange(nameof(MaximumIterations), value, "at least 1");
    } = 20;

    /// <summary>Calls of the closure in one <see cref="Step"/>, nearly: an iteration that has begun is ended. Null for 5/4 of the iterations.</summary>
    public int? MaximumEvaluations
    {
        get;
        set => field = value is null or >= 1 ? value : throw OutOfRange(nameof(MaximumEvaluations), value.Value, "at least 1");
    }

    /// <summary>A step ends where no element of the gradient is larger.</summary>
    public double GradientTolerance
    {
        get;
        set => field = value >= 0 ? value : throw OutOfRange(nameof(GradientTolerance), value, "a number from 0");
    } = 1e-7;

    /// <summary>A step ends where neither the loss nor any parameter changes by more.</summary>
    public double ChangeTolerance
    {
        get;
        set => field = value >= 0 ? value : throw OutOfRange(nameof(ChangeTolerance), value, "a number from 0");
    } = 1e-9;

    /// <summary>How the length of a step is found.</summary>
    public LineSearch LineSearch { get; set; }

    /// <summary>Whether the loss is climbed instead of descended.</summary>
    public bool Maximize { get; init; }

    /// <summary>How many pairs are remembered.</summary>
    public int History { get; }

    /// <summary>Calls of the closure so far.</summary>
    public long Evaluations { get; private set; }

    /// <summary>Iterations so far.</summary>
    public long Iterations { get; private set; }

    /// <summary>Several iterations: up to <see cref="MaximumIterations"/>, or until a tolerance is met.</summary>
    /// <param name="closure">Computes the loss and its gradients where the parameters are now, and returns the loss. The gradients were cleared before; a missing one counts as zero.</param>
    /// <returns>The loss before the step.</returns>
    /// <exception cref="ArithmeticException">The loss or a gradient is not finite where the step begins (nothing was changed), or after a step without line search (the parameters are back where they were finite). A line search turns back by itself.</exception>
    public T Step(Func<T> closure)
    {
        ArgumentNullException.ThrowIfNull(closure);
        int most = MaximumEvaluations ?? MaximumIterations * 5 / 4;
        T first = Call(closure, _gradient, out double loss);
        if (!double.IsFinite(loss) || !double.IsFinite(Vectors.Norm<T>(_gradient.Span)))
        {
            throw new ArithmeticException($"Lbfgs: got the loss {first.ToString(null, System.Globalization.CultureInfo.InvariantCulture)} or a gradient that is not finite; nothing was changed.");
        }
        int evaluations = 1;
        if (Vectors.Largest<T>(_gradient.Span) <= GradientTolerance)
        {
            return first;
        }
        for (int iteration = 1; iteration <= MaximumIterations; iteration++)
        {
            Iterations++;
            Turn();
            Span<T> d = _direction.Span;
            _gradient.Span.CopyTo(_previous.Span);
            double before = loss, slope = Vectors.Dot<T>(_gradient.Span, d);
            _t = Iterations == 1 ? Math.Min(1, 1 / Vectors.AbsoluteSum<T>(_gradient.Span)) * LearningRate : LearningRate;
            if (!(slope <= -ChangeTolerance))
            {
                break;
            }
            Read(_home.Span);
            if (LineSearch == LineSearch.StrongWolfe)
            {
                evaluations += Search(closure, ref loss, slope, most - evaluations);
                Move(_t);
            }
            else
            {
                Move(_t);
                if (iteration < MaximumIterations)
                {
                    evaluations++;
                    Advance(closure, ref loss);
                }
            }
            if (evaluations >= most || Vectors.Largest<T>(_gradient.Span) <= GradientTolerance || Vectors.Largest<T>(d) * _t <= ChangeTolerance || Math.Abs(loss - before) < ChangeTolerance)
            {
                break;
            }
        }
        return first;
    }

    /// <summary>d ← −Hg, after the newest pair has been taken up.</summary>
    private void Turn()
    {
        Span<T> d = _direction.Span, g = _gradient.Span;
        if (Iterations > 1)
        {
            Remember();
        }
        TensorPrimitives.Negate(g, d);
        for (int i = _pairs.Count - 1; i >= 0; i--)
        {
            Pair pair = _pairs[i];
            _α[i] = Vectors.Dot<T>(pair.S.Span, d) * pair.Ρ;
            Vectors.AddScaled(d, -_α[i], pair.Y.Span);
        }
        Vectors.Scale(d, _scale);
        for (int i = 0; i < _pairs.Count; i++)
        {
            Pair pair = _pairs[i];
            double β = Vectors.Dot<T>(pair.Y.Span, d) * pair.Ρ;
            Vectors.AddScaled(d, _α[i] - β, pair.S.Span);
        }
    }

    /// <summary>Takes up s = td and y = g − g₋₁, if the loss curves upwards along them.</summary>
    private void Remember()
    {
        Pair pair = _spare.TryPop(out Pair? spare) ? spare : new Pair(_home.Length);
        TensorPrimitives.Subtract(_gradient.Span, _previous.Span, pair.Y.Span);
        TensorPrimitives.Multiply(_direction.Span, T.CreateTruncating(_t), pair.S.Span);
        double ys = Vectors.Dot<T>(pair.Y.Span, pair.S.Span);
        if (!(ys > LeastCurvature))
        {
            _spare.Push(pair);
            return;
        }
        if (_pairs.Count == History)
        {
            _spare.Push(_pairs[0]);
            _pairs.RemoveAt(0);
        }
        pair.Ρ = 1 / ys;
        _pairs.Add(pair);
        _scale = ys / Vectors.Dot<T>(pair.Y.Span, pair.Y.Span);
    }

    /// <summary>The loss and gradient after a step without line search.</summary>
    private void Advance(Func<T> closure, ref double loss)
    {
        Buffer<T> gradient = _free[0];
        T reached;
        try
        {
            reached = Call(closure, gradient, out double now);
            if (double.IsFinite(now) && double.IsFinite(Vectors.Norm<T>(gradient.Span)))
            {
                (_gradient, _free[0]) = (gradient, _gradient);
                loss = now;
                return;
            }
        }
        catch
        {
            Write(_home.Span);
            throw;
        }
        Write(_home.Span);
        throw new ArithmeticException($"Lbfgs: a step of length {_t.ToString(System.Globalization.CultureInfo.InvariantCulture)} led to the loss {reached.ToString(null, System.Globalization.CultureInfo.InvariantCulture)} or a gradient that is not finite; the parameters are back where they were before it. A smaller learning rate or a line search helps.");
    }

    /// <summary>Calls the closure, and gathers the gradients.</summary>
    private T Call(Func<T> closure, Buffer<T> gradient, out double loss)
    {
        foreach (Parameter<T> parameter in _parameters)
        {
            parameter.ClearGradient();
        }
        T value = closure();
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

    /// <summary>θ ← home + td.</summary>
    private void Move(double t)
    {
        Write(_home.Span);
        int from = 0;
        foreach (Parameter<T> parameter in _parameters)
        {
            Vectors.AddScaled(parameter.Value.Output, t, _direction.Span.Slice(from, parameter.Shape.Length));
            from += parameter.Shape.Length;
        }
    }

    private void Read(Span<T> all)
    {
        int from = 0;
        foreach (Parameter<T> parameter in _parameters)
        {
            parameter.Value.Span.CopyTo(all[from..]);
            from += parameter.Shape.Length;
        }
    }

    private void Write(ReadOnlySpan<T> all)
    {
        int from = 0;
        foreach (Parameter<T> parameter in _parameters)
        {
            all.Slice(from, parameter.Shape.Length).CopyTo(parameter.Value.Output);
            from += parameter.Shape.Length;
        }
    }

    private static ArgumentOutOfRangeException OutOfRange(string name, IFormattable value, string expected) =>
        new(name, value, $"Lbfgs: got {name} = {value.ToString(null, System.Globalization.CultureInfo.InvariantCulture)}, expected {expected}.");

    /// <summary>A step and how it changed the gradient.</summary>
    private sealed class Pair(int length)
    {
        public Buffer<T> S { get; } = new(length, clear: false);

        public Buffer<T> Y { get; } = new(length, clear: false);

        /// <summary>1/(s·y).</summary>
        public double Ρ { get; set; }
    }
}
