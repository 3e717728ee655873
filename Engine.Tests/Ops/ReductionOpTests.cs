using System.Numerics;

namespace Engine.Tests;

/// <summary>Laws of the reductions along axes.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
internal sealed class ReductionOpTests<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly RandomKey s_key = RandomKey.FromSeed(12);

    private static readonly int[][] s_axes =
    [
        [], [0], [1], [2], [3], [-1], [0, 1], [0, 2], [1, 3], [2, 3], [3, 0], [0, 1, 2], [0, 1, 3], [0, 2, 3], [1, 2, 3], [0, 1, 2, 3],
    ];

    private static double Epsilon => typeof(T) == typeof(float) ? 1.2e-7 : 2.3e-16;

    /// <summary>Axes that are reduced in another order than they lie in memory: every set of axes against a plain loop.</summary>
    [TestCaseSource(nameof(s_axes))]
    public void Every_set_of_axes_is_reduced(params int[] axes)
    {
        foreach (Shape shape in (Shape[])[[3, 2, 4, 3], [3, 1, 4, 2], [1, 3, 1, 2], [2, 3, 1, 1]])
        {
            Tensor<T> x = Tensor<T>.RandomUniform(shape, s_key, 0.5, 1.5);
            foreach (bool keep in (bool[])[false, true])
            {
                Check(x.Max(axes, keep), static v => v.Max());
                Check(x.Min(axes, keep), static v => v.Min());
                Check(x.Product(axes, keep), static v => v.Aggregate((a, b) => a * b));
                Check(x.LogSumExp(axes, keep), static v => Math.Log(v.Sum(Math.Exp)));
                Check(x.Norm(axes, keep), static v => Math.Sqrt(v.Sum(static a => a * a)));
                Check(x.Norm(axes, keep, p: 1), static v => v.Sum());
                Check(x.Norm(axes, keep, p: 3), static v => Math.Cbrt(v.Sum(static a => a * a * a)));
                Check(x.Norm(axes, keep, double.PositiveInfinity), static v => v.Max());
                Check(x.Variance(axes, keep, correction: 0), static v => v.Sum(a => (a - v.Average()) * (a - v.Average())) / v.Length);
                Check(
                    x.StandardDeviation(axes, keep, correction: 0),
                    static v => Math.Sqrt(v.Sum(a => (a - v.Average()) * (a - v.Average())) / v.Length));

                void Check(Tensor<T> actual, Func<double[], double> reduce)
                {
                    Assert.That(actual.Shape, Is.EqualTo(x.Sum(axes, keep).Shape));
                    double[] values = Closeness.Doubles(actual), expected = Reduced(x, axes, reduce);
                    Assert.That(values, Is.EqualTo(expected).Within(100 * Epsilon), $"{shape}");
                }
            }
        }
    }

    private static readonly Dictionary<string, (Func<Tensor<T>, int, Tensor<T>> Apply, double Value, double Slope)> s_ofScalar = new()
    {
        ["Sum"] = (static (x, axis) => x.Sum(axis), -2, 1),
        ["Sum, kept"] = (static (x, axis) => x.Sum(axis, keepDimensions: true), -2, 1),
        ["Sum of axes"] = (static (x, axis) => x.Sum([axis]), -2, 1),
        ["Mean"] = (static (x, axis) => x.Mean(axis), -2, 1),
        ["Max"] = (static (x, axis) => x.Max(axis), -2, 1),
        ["Min"] = (static (x, axis) => x.Min(axis), -2, 1),
        ["Product"] = (static (x, axis) => x.Product(axis), -2, 1),
        ["Norm"] = (static (x, axis) => x.Norm(axis), 2, -1),
        ["LogSumExp"] = (static (x, axis) => x.LogSumExp(axis), -2, 1),
        ["Variance"] = (static (x, axis) => x.Variance(axis, correction: 0), 0, 0),
        ["StandardDeviation"] = (static (x, axis) => x.StandardDeviation(axis, correction: 0), 0, 0),
        ["CumulativeSum"] = (static (x, axis) => x.CumulativeSum(axis), -2, 1),
        ["Softmax"] = (static (x, axis) => x.Softmax(axis), 1, 0),
        ["LogSoftmax"] = (static (x, axis) => x.LogSoftmax(axis), 0, 0),
    };

    /// <summary>PyTorch's convention: a scalar has the axes 0 and −1, whose one element it is.</summary>
    [Test]
    public void A_scalar_is_reduced_along_its_element([ValueSource(nameof(ScalarCases))] string name, [Values(0, -1)] int axis)
    {
        (Func<Tensor<T>, int, Tensor<T>> apply, double value, double slope) = s_ofScalar[name];
        Parameter<T> x = new("x", Tensor<T>.Full(Shape.Scalar, T.CreateTruncating(-2)));
        Tape<T> tape = new();
        using (tape.Record())
        {
            Tensor<T> y = apply(x.Value, axis), recorded = tape.Gradient(y, x.Value);
            Assert.That(y.Shape, Is.EqualTo(Shape.Scalar));
            Assert.That(y.Item, Is.EqualTo(T.CreateTruncating(value)));
            Assert.That(recorded.Item, Is.EqualTo(T.CreateTruncating(slope)), "recorded");
            tape.Backward(y);
        }
        Assert.That(x.Gradient.Item, Is.EqualTo(T.CreateTruncating(slope)));
        foreach (int wrong in (int[])[1, -2])
        {
            Assert.That(
                () => apply(x.Value, wrong),
                Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains($"got axis {wrong}, expected 0 or -1 for the shape []"));
        }
    }

    private static IEnumerable<string> ScalarCases() => s_ofScalar.Keys;

    [Test]
    public void The_largest_element_of_a_scalar_is_its_first()
    {
        Tensor<T> x = Tensor<T>.Full(Shape.Scalar, T.One);
        Assert.That((int[][])[x.ArgMax(), x.ArgMax(0), x.ArgMin(), x.ArgMin(0)], Is.All.EqualTo((int[])[0]));
        Assert.That(() => x.ArgMax(1), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => x.Sum([0, -1]), Throws.ArgumentException.With.Message.Contains("axis -1 twice"));
    }

    /// <summary>A gradient as a difference of sums, which cancels: the sum of the elements from each on is computed as one.</summary>
    [TestCase(1e20, 1e20)]
    [TestCase(double.PositiveInfinity, double.PositiveInfinity)]
    public void Recorded_gradient_of_a_running_sum_does_not_cancel(double first, double expected)
    {
        Parameter<T> x = new("x", Tensor<T>.Ones([3]));
        Tape<T> tape = new();
        using (tape.Record())
        {
            Tensor<T> g = Tensor<T>.From([.. ((double[])[first, 1, 1]).Select(T.CreateTruncating)]);
            Tensor<T> dx = tape.Gradients(x.Value.CumulativeSum(0), [x.Value], g)[0];
            Assert.That(dx.ToArray(), Is.EqualTo((T[])[T.CreateTruncating(expected), T.CreateTruncating(2), T.One]));
        }
    }

    /// <summary>A variance by E[x²] − mean², which loses its digits far from 0; the wrong denominator.</summary>
    [Test]
    public void Variance_is_the_mean_of_squared_deviations([Values(0, 1, 2)] int axis, [Values(0, 1000)] double offset)
    {
        Tensor<T> x = Tensor<T>.RandomNormal([7, 40, 9], s_key, offset, 2), g = Tensor<T>.RandomNormal(x.Sum(axis).Shape, s_key.Fold(1));
        double n = x.Shape[axis];
        double scale = offset / 10 + 1;
        Agree(x, g, x => x.Variance(axis, correction: 0), x => (x - x.Mean(axis, keepDimensions: true)).Square().Mean(axis), scale);
        Agree(x, g, x => x.Variance(axis), x => (x - x.Mean(axis, keepDimensions: true)).Square().Sum(axis) / (n - 1), scale);
        Agree(x, g, x => x.StandardDeviation(axis), x => x.Variance(axis).Sqrt(), scale);
    }

    /// <summary>A single axis instead of all, or axes that are kept.</summary>
    [Test]
    public void Without_axes_the_whole_tensor_is_reduced_to_a_scalar()
    {
        Tensor<T> x = Tensor<T>.RandomNormal([2, 3, 4], s_key), flat = x.Reshape(-1);
        Func<Tensor<T>, Tensor<T>>[] all =
        [
            static x => x.Sum(), static x => x.Mean(), static x => x.Max(), static x => x.Min(), static x => x.Product(),
            static x => x.LogSumExp(), static x => x.Variance(), static x => x.StandardDeviation(), static x => x.Norm(),
        ];
        Func<Tensor<T>, Tensor<T>>[] along =
        [
            static x => x.Sum(0), static x => x.Mean(0), static x => x.Max(0), static x => x.Min(0), static x => x.Product(0),
            static x => x.LogSumExp(0), static x => x.Variance(0), static x => x.StandardDeviation(0), static x => x.Norm(0),
        ];
        foreach ((Func<Tensor<T>, Tensor<T>> whole, Func<Tensor<T>, Tensor<T>> axis) in all.Zip(along))
        {
            Assert.That(whole(x).Shape, Is.EqualTo(Shape.Scalar));
            Assert.That(whole(x).Item, Is.EqualTo(axis(flat).Item));
        }
    }

    [Test]
    public void LogSumExp_is_the_logarithm_of_the_sum_of_exponentials([Values(0, 1, 2)] int axis)
    {
        Tensor<T> x = Tensor<T>.RandomNormal([7, 40, 9], s_key), g = Tensor<T>.RandomNormal(x.Sum(axis).Shape, s_key.Fold(1));
        Agree(x, g, x => x.LogSumExp(axis), x => x.Exp().Sum(axis).Log(), 1);
        Agree(x, g, x => x.LogSumExp(axis), x => x.Max(axis) + (x - x.Max(axis, keepDimensions: true)).Exp().Sum(axis).Log(), 1);
    }

    /// <summary>Exponentials that overflow or vanish, and a gradient that is NaN where nothing has a probability.</summary>
    [Test]
    public void LogSumExp_of_large_and_infinite_numbers([Values] bool inRows)
    {
        const double inf = double.PositiveInfinity;
        (double[] X, double Y, double[] Gradient)[] cases =
        [
            ([1e4, 1e4], 1e4 + Math.Log(2), [0.5, 0.5]), ([-1e4, -1e4], -1e4 + Math.Log(2), [0.5, 0.5]), ([1e4, -1e4], 1e4, [1, 0]),
            ([-inf, 2], 2, [0, 1]), ([-inf, -inf], -inf, [0, 0]), ([inf, 1], inf, [double.NaN, 0]),
            ([double.NaN, 1], double.NaN, [double.NaN, double.NaN]),
        ];
        (double[] y, double[] dx) = Run(cases.Select(static c => c.X), inRows, static (x, axis) => x.LogSumExp(axis));
        Assert.That(y, Is.EqualTo(cases.Select(static c => c.Y)).Within(1e4 * Epsilon));
        Assert.That(dx, Is.EqualTo(cases.SelectMany(static c => c.Gradient)).Within(1e-3));
        Assert.That(Tensor<T>.Zeros([0]).LogSumExp().Item, Is.EqualTo(T.NegativeInfinity));
    }

    /// <summary>A tie given to one element alone, or the whole gradient to each of them; a NaN that is skipped.</summary>
    [Test]
    public void A_tie_divides_the_gradient_of_the_largest_and_smallest([Values] bool inRows)
    {
        (double[] X, double Max, double[] MaxGradient, double Min, double[] MinGradient)[] cases =
        [
            ([1, 3, 2], 3, [0, 1, 0], 1, [1, 0, 0]), ([3, 3, 2], 3, [0.5, 0.5, 0], 2, [0, 0, 1]),
            ([4, 4, 4], 4, [1 / 3.0, 1 / 3.0, 1 / 3.0], 4, [1 / 3.0, 1 / 3.0, 1 / 3.0]),
            ([0, -0.0, -1], 0, [0.5, 0.5, 0], -1, [0, 0, 1]),
            ([double.NaN, 1, double.NaN], double.NaN, [0.5, 0, 0.5], double.NaN, [0.5, 0, 0.5]),
            ([double.NegativeInfinity, double.PositiveInfinity, 0], double.PositiveInfinity, [0, 1, 0], double.NegativeInfinity, [1, 0, 0]),
        ];
        (double[] y, double[] dx) = Run(cases.Select(static c => c.X), inRows, static (x, axis) => x.Max(axis));
        Assert.That(y, Is.EqualTo(cases.Select(static c => c.Max)));
        Assert.That(dx, Is.EqualTo(cases.SelectMany(static c => c.MaxGradient)).Within(Epsilon));
        (y, dx) = Run(cases.Select(static c => c.X), inRows, static (x, axis) => x.Min(axis));
        Assert.That(y, Is.EqualTo(cases.Select(static c => c.Min)));
        Assert.That(dx, Is.EqualTo(cases.SelectMany(static c => c.MinGradient)).Within(Epsilon));
    }

    [Test]
    public void The_largest_of_nothing_is_an_error()
    {
        Assert.That(
            static () => Tensor<T>.Zeros([0]).Max(), Throws.InvalidOperationException.With.Message.Contains("Max: got the shape [0]"));
        Assert.That(static () => Tensor<T>.Zeros([0, 3]).Min(0), Throws.InvalidOperationException.With.Message.Contains("Min"));
        Assert.That(Tensor<T>.Zeros([0, 3]).Min(1).Shape, Is.EqualTo(new Shape(0)));
        Parameter<T> x = new("x", Tensor<T>.Zeros([2, 3, 0]));
        Tape<T> tape = new();
        using (tape.Record())
        {
            Assert.That(() => x.Value.Max([0, 2]), Throws.InvalidOperationException);
            Assert.That(tape.Count, Is.Zero, "the axes are brought together by an operation of its own");
        }
    }

    /// <summary>A gradient by division: NaN or 0 where one element is 0, wrong where two are.</summary>
    [Test]
    public void Product_has_the_right_gradient_at_zero([Values] bool inRows)
    {
        (double[] X, double Y, double[] Gradient)[] cases =
        [
            ([2, 3, 4], 24, [12, 8, 6]), ([2, 0, 4], 0, [0, 8, 0]), ([0, 3, 0], 0, [0, 0, 0]), ([-1, 2, -5], 10, [-10, 5, -2]),
            ([0, 1, 1], 0, [1, 0, 0]), ([7, 1, 0], 0, [0, 0, 7]),
        ];
        (double[] y, double[] dx) = Run(cases.Select(static c => c.X), inRows, static (x, axis) => x.Product(axis));
        Assert.That(y, Is.EqualTo(cases.Select(static c => c.Y)));
        Assert.That(dx, Is.EqualTo(cases.SelectMany(static c => c.Gradient)));
    }

    /// <summary>Squares that overflow or vanish; a gradient that is NaN at 0.</summary>
    [Test]
    public void Norms_of_extreme_numbers([Values] bool inRows, [Values(0.5, 1, 2, 3, double.PositiveInfinity)] double p)
    {
        double large = typeof(T) == typeof(float) ? 1e30 : 1e200, length = double.IsInfinity(p) ? 1 : Math.Pow(2, 1 / p),
            slope = double.IsInfinity(p) ? 0.5 : Math.Pow(length, 1 - p);
        double[][] vectors = [[large, -large], [1 / large, 1 / large], [0, 0], [0, 3], [double.NegativeInfinity, 1], [double.NaN, 1]];
        (double[] y, double[] dx) = Run(vectors, inRows, (x, axis) => x.Norm(axis, p: p));
        Assert.That(y[0] / large, Is.EqualTo(length).Within(20 * Epsilon));
        Assert.That(y[1] * large, Is.EqualTo(length).Within(20 * Epsilon));
        Assert.That(y[2..5], Is.EqualTo((double[])[0, 3, double.PositiveInfinity]).Within(3 * Epsilon));
        Assert.That(y[5], Is.NaN);
        Assert.That(dx[..8], Is.EqualTo((double[])[slope, -slope, slope, slope, 0, 0, 0, 1]).Within(20 * Epsilon));
    }

    [Test]
    public void Norms_refuse_other_orders([Values(0, -1, double.NaN)] double p) => Assert.That(
        () => Tensor<T>.Ones([2]).Norm(p: p), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("p = "));

    [Test]
    public void Variances_refuse_other_corrections([Values(-1, double.NaN, double.PositiveInfinity)] double correction)
    {
        Assert.That(
            () => Tensor<T>.Ones([2]).Variance(correction: correction),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("Variance: got the correction"));
        Assert.That(
            () => Tensor<T>.Ones([2]).StandardDeviation(0, correction: correction),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("StandardDeviation: got the correction"));
    }

    /// <summary>NaN where all elements are equal, as √ has no derivative at 0.</summary>
    [Test]
    public void Standard_deviation_of_equal_numbers_has_the_gradient_zero([Values] bool inRows)
    {
        (double[] y, double[] dx) = Run([[2, 2, 2], [1, 2, 3]], inRows, static (x, axis) => x.StandardDeviation(axis));
        Assert.That(y, Is.EqualTo((double[])[0, 1]));
        Assert.That(dx, Is.EqualTo((double[])[0, 0, 0, -0.5, 0, 0.5]));
    }

    /// <summary>A variance of too few elements that is 0: it says nothing.</summary>
    [Test]
    public void Variance_of_too_few_elements_is_not_a_number()
    {
        Assert.That(T.IsNaN(Tensor<T>.Ones([1]).Variance().Item));
        Assert.That(T.IsNaN(Tensor<T>.Zeros([0]).Variance().Item));
        Assert.That(Tensor<T>.Ones([1]).Variance(correction: 0).Item, Is.EqualTo(T.Zero));
    }

    /// <summary>A p or a correction that is taken for an axis, or an axis for one of them.</summary>
    [Test]
    public void A_whole_number_alone_is_an_axis()
    {
        Tensor<T> x = Tensor<T>.RandomNormal([3, 4], s_key);
        Assert.That(
            ((Tensor<T>[])[x.Norm(1), x.Variance(1), x.StandardDeviation(1), x.Max(1), x.Min(1), x.Product(1), x.LogSumExp(1)])
                .Select(static y => y.Shape),
            Is.All.EqualTo(new Shape(3)));
        Assert.That(((Tensor<T>[])[x.Norm(p: 1), x.Variance(correction: 0)]).Select(static y => y.Shape), Is.All.EqualTo(Shape.Scalar));
        Assert.That(x.Norm(p: 1).Item, Is.EqualTo(x.Abs().Sum().Item));
    }

    [Test]
    public void Axes_that_do_not_exist_are_errors_that_name_the_operation()
    {
        Tensor<T> x = Tensor<T>.Ones([2, 3]);
        (string Name, Action<int> Call)[] operations =
        [
            ("Variance", a => x.Variance(a)), ("StandardDeviation", a => x.StandardDeviation(a)), ("Norm", a => x.Norm(a)),
            ("LogSumExp", a => x.LogSumExp(a)), ("Max", a => x.Max(a)), ("Min", a => x.Min(a)), ("Product", a => x.Product(a)),
            ("CumulativeSum", a => x.CumulativeSum(a)),
        ];
        foreach ((string name, Action<int> call) in operations)
        {
            Assert.That(
                () => call(2), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains($"{name}: got axis 2"), name);
        }
        Assert.That(() => x.Max([0, 0]), Throws.ArgumentException.With.Message.Contains("twice"));
    }

    /// <summary>Another end of the sums, in the forward or the backward pass.</summary>
    [Test]
    public void Running_sums_end_in_the_sum_and_their_gradients_begin_with_it([Values(0, 1, 2)] int axis)
    {
        const int length = 5 * 300 * 3;
        Tensor<T> x = Tensor<T>.From(Samples.Whole<T>(length), [5, 300, 3]), g = Tensor<T>.From(Samples.Whole<T>(length, 2), x.Shape);
        (double[] y, double[] dx) = Step(x, g, x => x.CumulativeSum(axis));
        double[] values = Closeness.Doubles(x), gradients = Closeness.Doubles(g);
        int inner = x.Shape.Extents[(axis + 1)..].ToArray().Aggregate(1, static (a, b) => a * b), n = x.Shape[axis];
        for (int i = 0; i < y.Length; i++)
        {
            int index = i / inner % n;
            Assert.That(y[i], Is.EqualTo(values[i] + (index > 0 ? y[i - inner] : 0)), $"element {i}");
            Assert.That(dx[i], Is.EqualTo(gradients[i] + (index < n - 1 ? dx[i + inner] : 0)), $"gradient {i}");
        }
    }

    /// <summary>One long running sum, whose rounding errors would grow with its length.</summary>
    [Test]
    public void A_long_running_sum_is_accurate()
    {
        Tensor<T> x = Tensor<T>.RandomUniform([100_000], s_key);
        double[] y = Closeness.Doubles(x.CumulativeSum(0)), values = Closeness.Doubles(x);
        double sum = 0;
        for (int i = 0; i < y.Length; i++)
        {
            sum += values[i];
            Assert.That(y[i], Is.EqualTo(sum).Within(60 * Epsilon * sum));
        }
    }

    private static double[] Reduced(Tensor<T> x, int[] axes, Func<double[], double> reduce)
    {
        int[] reduced = [.. axes.Select(axis => (axis + x.Shape.Rank) % x.Shape.Rank)], extents = x.Shape.ToArray();
        SortedDictionary<int, List<double>> groups = [];
        for (int i = 0; i < x.Length; i++)
        {
            int place = 0, stride = x.Length;
            for (int axis = 0; axis < extents.Length; axis++)
            {
                stride /= extents[axis];
                place = reduced.Contains(axis) ? place : place * extents[axis] + i / stride % extents[axis];
            }
            groups.TryAdd(place, []);
            groups[place].Add(double.CreateTruncating(x.Span[i]));
        }
        return [.. groups.Values.Select(group => reduce([.. group]))];
    }

    /// <summary>Fails unless both functions agree, and their gradients do.</summary>
    private static void Agree(Tensor<T> x, Tensor<T> g, Func<Tensor<T>, Tensor<T>> one, Func<Tensor<T>, Tensor<T>> other, double scale)
    {
        (double[] y, double[] dx) = Step(x, g, one);
        (double[] expected, double[] expectedDx) = Step(x, g, other);
        Assert.That(y, Is.EqualTo(expected).Within(100 * Epsilon * scale));
        Assert.That(dx, Is.EqualTo(expectedDx).Within(100 * Epsilon * scale));
    }

    private static (double[] Y, double[] Dx) Step(Tensor<T> x, Tensor<T> g, Func<Tensor<T>, Tensor<T>> function)
    {
        Parameter<T> input = new("x", x);
        Tape<T> tape = new();
        using (tape.Record())
        {
            Tensor<T> y = function(input.Value);
            tape.Backward(y, g);
            return (Closeness.Doubles(y), Closeness.Doubles(input.Gradient));
        }
    }

    /// <summary>
    /// The result for each vector and its gradient with respect to the vector, computed along rows, or along columns.
    /// </summary>
    private static (double[] Y, double[] Dx) Run(IEnumerable<double[]> vectors, bool inRows, Func<Tensor<T>, int, Tensor<T>> function)
    {
        double[][] rows = [.. vectors];
        int n = rows[0].Length;
        double[] values = inRows
            ? [.. rows.SelectMany(static row => row)]
            : [.. Enumerable.Range(0, n).SelectMany(i => rows.Select(row => row[i]))];
        Tensor<T> x = Tensor<T>.From(Array.ConvertAll(values, T.CreateTruncating), inRows ? [rows.Length, n] : [n, rows.Length]);
        (double[] y, double[] dx) = Step(x, Tensor<T>.Ones([rows.Length]), x => function(x, inRows ? 1 : 0));
        IEnumerable<double> transposed = Enumerable.Range(0, dx.Length).Select(i => dx[i % n * rows.Length + i / n]);
        return (y, inRows ? dx : [.. transposed]);
    }
}
