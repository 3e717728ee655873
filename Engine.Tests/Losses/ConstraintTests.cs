using System.Numerics;

namespace Engine.Tests;

/// <summary>Bounds on parameters, and the penalties that lead to them.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
internal sealed class ConstraintTests<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private static double Tolerance => typeof(T) == typeof(float) ? 1e-6 : 1e-15;

    /// <summary>A norm over the wrong axis, a row below the bound that changes, a row that is scaled by the norm of another.</summary>
    [Test]
    public void Rows_beyond_the_bound_get_its_norm_and_others_keep_their_bits()
    {
        Parameter<T> w = Parameter([3, 4, 0.3, -0.4, -6, 8], [3, 2]);
        T[] before = w.Value.ToArray();
        Constraint.MaxNorm(w, 2);
        Check(w, [1.2, 1.6, 0.3, -0.4, -1.2, 1.6]);
        SameBits.Check<T>(w.Value.Span[2..4], before.AsSpan(2, 2), "below the bound");
    }

    [Test]
    public void Axes_say_what_a_norm_is_taken_over()
    {
        Parameter<T> w = Parameter([3, 0.1, 4, 0.2], [2, 2]);
        Constraint.MaxNorm(w, 1, 0);
        Check(w, [0.6, 0.1, 0.8, 0.2]);
        w = Parameter([3, 0.1, 4, 0.2], [2, 1, 2]);
        Constraint.MaxNorm(w, 1, 0, -2);
        Check(w, [0.6, 0.1, 0.8, 0.2]);
        w = Parameter([2, 2, 2, 2], [2, 2]);
        Constraint.MaxNorm(w, 1, 0, 1);
        Check(w, [0.5, 0.5, 0.5, 0.5]);
        w = Parameter([3, 0, 4, 0, 0, 0, 0, 0.1], [2, 2, 2]);
        Constraint.MaxNorm(w, 1);
        Check(w, [0.6, 0, 0.8, 0, 0, 0, 0, 0.1]);
        w = Parameter([3, 0, 5, 0, 0, 4, 12, 0], [2, 2, 2]);
        Constraint.MaxNorm(w, 1, 0, 2); // the norms 5 and 13
        Check(w, [0.6, 0, 5.0 / 13, 0, 0, 0.8, 12.0 / 13, 0]);
    }

    /// <summary>Elements of a vector, a scalar, no elements, a bound of 0, squares that overflow.</summary>
    [Test]
    public void Every_shape_and_size_works()
    {
        Parameter<T> w = Parameter([3, -4, 0.5], [3]);
        Constraint.MaxNorm(w, 1);
        Check(w, [1, -1, 0.5]);
        Constraint.MaxNorm(w, 0);
        Check(w, [0, 0, 0]);
        w = Parameter([-7], []);
        Constraint.MaxNorm(w, 2);
        Check(w, [-2]);
        foreach (int[] shape in (int[][])[[0, 3], [3, 0], [0]])
        {
            w = Parameter([], shape);
            Constraint.MaxNorm(w, 1);
            Assert.That(w.Value.Length, Is.Zero);
        }
        w = Parameter([3e30, 4e30], [1, 2]);
        Constraint.MaxNorm(w, 5);
        Check(w, [3, 4]);
        w = Parameter([double.NaN, 4, 3, 4], [2, 2]);
        Constraint.MaxNorm(w, 1);
        Assert.That(Closeness.Doubles(w.Value), Is.EqualTo((double[])[double.NaN, 4, 0.6, 0.8]).Within(1e-6), "a NaN stays visible");
    }

    /// <summary>
    /// A square that overflows or vanishes; a part with an infinite element that becomes NaN; a part beside them that changes. The norms
    /// are 5, of 10^±200 and of 10³⁰⁸·√2.
    /// </summary>
    [Test]
    public void Norms_of_the_largest_and_smallest_numbers_are_bounded()
    {
        double infinity = double.PositiveInfinity;
        (double Bound, double[] Before, double[] After)[] rows =
        [
            (1, [infinity, 1, 3, 4, 0.3, 0.4, 0, 0], [infinity, 1, 0.6, 0.8, 0.3, 0.4, 0, 0]), (0, [1e-30, 0, 0, -1e-30], [0, 0, 0, 0]),
            .. typeof(T) == typeof(float) ? [] : ((double, double[], double[])[])
            [
                (1, [3e200, 4e200, -3, 4, infinity, 3e200, 0.3, 0.4], [0.6, 0.8, -0.6, 0.8, infinity, 3e200, 0.3, 0.4]),
                (Math.Sqrt(2), [1e308, -1e308], [1, -1]),
                (5e-200, [6e-200, 8e-200, 3, 4, 1e-210, 0], [3e-200, 4e-200, 3e-200, 4e-200, 1e-210, 0]),
                (0, [1e-200, 1e-300, 3e200, 1], [0, 0, 0, 0]),
            ],
        ];
        foreach ((double bound, double[] before, double[] after) in rows)
        {
            Parameter<T> w = Parameter(before, [before.Length / 2, 2]);
            Constraint.MaxNorm(w, bound);
            double[] actual = Closeness.Doubles(w.Value);
            for (int i = 0; i < after.Length; i++)
            {
                double expected = double.CreateTruncating(T.CreateTruncating(after[i]));
                double tolerance = after[i] == before[i] ? 0 : 4 * Tolerance * Math.Abs(expected);
                Assert.That(actual[i], Is.EqualTo(expected).Within(tolerance), $"bound {bound}, element {i}");
            }
        }
    }

    /// <summary>A change that the tape does not see, and would differentiate elsewhere; a recording refused for nothing.</summary>
    [Test]
    public void A_recording_notices_a_change_and_nothing_else()
    {
        Parameter<T> w = Parameter([3, 4], [1, 2]);
        Tape<T> tape = new();
        using (tape.Record())
        {
            Tensor<T> loss = w.Value.Square().Sum();
            int nodes = tape.Count;
            Constraint.MaxNorm(w, 5);
            Assert.That(() => tape.Backward(loss), Throws.Nothing, "the norm is the bound");
            Constraint.MaxNorm(w, 1);
            Assert.That(tape.Count, Is.EqualTo(nodes), "nothing is recorded");
        }
        using (tape.Record())
        {
            Tensor<T> loss = w.Value.Square().Sum();
            Constraint.MaxNorm(w, 0.5);
            Assert.That(() => tape.Backward(loss), Throws.InvalidOperationException.With.Message.Contains("'w'"));
        }
    }

    [Test]
    public void A_warm_call_allocates_nothing()
    {
        Parameter<T> w = new("w", LayerLawsTests<T>.Normal([40, 30], 0, 3));
        Warm.AllocatesNothing(() =>
        {
            Constraint.MaxNorm(w, 1);
            Constraint.MaxNorm(w, 0.9, 0);
        });
    }

    [Test]
    public void Wrong_bounds_and_axes_are_errors()
    {
        Parameter<T> w = Parameter([3, 4], [1, 2]);
        foreach (double bound in (double[])[-1, double.NaN, double.PositiveInfinity])
        {
            Assert.That(
                () => Constraint.MaxNorm(w, bound),
                Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("got the bound"));
        }
        Assert.That(() => Constraint.MaxNorm(w, 1, 2), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("axis 2"));
        Assert.That(() => Constraint.MaxNorm(w, 1, 0, -2), Throws.ArgumentException.With.Message.Contains("twice"));
        Assert.That(() => Constraint.MaxNorm<T>(null!, 1), Throws.ArgumentNullException);
        Check(w, [3, 4]);
    }

    /// <summary>λ₁ and λ₂ exchanged, a ½ too many.</summary>
    [Test]
    public void Elastic_net_is_both_penalties()
    {
        Parameter<T> w = Parameter([3, -4], [2]);
        Assert.That(double.CreateTruncating(Penalty.ElasticNet([w], 0.5, 0.1).Item), Is.EqualTo(0.5 * 7 + 0.05 * 25).Within(1e-6));
        Assert.That(() => Penalty.ElasticNet([w], -1, 0), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("λ1"));
        Assert.That(
            () => Penalty.ElasticNet([w], 0, double.NaN), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("λ2"));
    }

    /// <summary>A null parameter that is found as a null reference; a factor that makes every loss infinite or NaN.</summary>
    [Test]
    public void Penalties_refuse_null_parameters_and_factors_that_are_not_finite()
    {
        (string Name, Func<IReadOnlyList<Parameter<T>>, double, Tensor<T>> Of)[] penalties =
        [
            ("L1", Penalty.L1), ("L2", Penalty.L2), ("Orthogonality", Penalty.Orthogonality),
            ("ElasticNet", static (p, lambda) => Penalty.ElasticNet(p, lambda, 1)),
            ("ElasticNet", static (p, lambda) => Penalty.ElasticNet(p, 1, lambda)),
        ];
        Parameter<T> w = Parameter([3, -4], [1, 2]);
        foreach ((string name, Func<IReadOnlyList<Parameter<T>>, double, Tensor<T>> of) in penalties)
        {
            Assert.That(() => of([w, null!], 1), Throws.ArgumentNullException, name);
            Assert.That(() => of(null!, 1), Throws.ArgumentNullException, name);
            foreach (double lambda in (double[])[-1, double.NaN, double.PositiveInfinity])
            {
                Assert.That(
                    () => of([w], lambda),
                    Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains($"{name}: got λ")
                        .And.Message.Contains("expected a finite non-negative number"));
            }
        }
    }

    /// <summary>A product of the wrong sides, a weight of more axes flattened otherwise; descent has to end at orthonormal rows.</summary>
    [Test]
    public void Orthogonality_is_zero_at_orthonormal_rows_or_columns_and_leads_there()
    {
        Assert.That(Value([Parameter([1, 2, 0, 3], [2, 2])], 0.5), Is.EqualTo(0.5 * (16 + 72 + 64)));
        Assert.That(Value([Parameter([0.6, 0.8], [2, 1])], 3), Is.EqualTo(0).Within(1e-6));
        Assert.That(Value([Parameter([1, 1, 1, 1], [1, 2, 2])], 1), Is.EqualTo(9));
        Assert.That(Value([], 1), Is.Zero);
        Assert.That(
            () => Penalty.Orthogonality([Parameter([1], [1])], 1),
            Throws.ArgumentException.With.Message.Contains("'w'").And.Message.Contains("[1]"));
        Assert.That(() => Penalty.Orthogonality([Parameter([1], [1, 1])], -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        foreach (int[] shape in (int[][])[[3, 5], [5, 3], [2, 2, 2]])
        {
            Parameter<T> w = new("w", LayerLawsTests<T>.Normal(new Shape(shape), 0, 0.5));
            Tape<T> tape = new();
            for (int step = 0; step < 300; step++)
            {
                w.ClearGradient();
                using (tape.Record())
                {
                    tape.Backward(Penalty.Orthogonality([w], 1));
                }
                w.SetValue(w.Value - w.Gradient * 0.05);
            }
            Assert.That(Value([w], 1), Is.EqualTo(0).Within(1e-6), new Shape(shape).ToString());
        }

        static double Value(Parameter<T>[] parameters, double lambda) =>
            double.CreateTruncating(Penalty.Orthogonality(parameters, lambda).Item);
    }

    private static Parameter<T> Parameter(double[] values, int[] shape) =>
        new("w", Tensor<T>.From(Array.ConvertAll(values, T.CreateTruncating), new Shape(shape)));

    private static void Check(Parameter<T> w, double[] expected) =>
        Assert.That(Closeness.Doubles(w.Value), Is.EqualTo(expected).Within(4 * Tolerance));
}
