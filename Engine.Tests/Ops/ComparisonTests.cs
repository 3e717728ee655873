namespace Engine.Tests;

/// <summary>Comparisons as masks, and selection by a mask.</summary>
internal sealed class ComparisonTests
{
    private const double NaN = double.NaN, Infinity = double.PositiveInfinity;

    private static readonly (double A, double B)[] s_pairs =
    [
        (1, 2), (2, 1), (1, 1), (0.0, -0.0), (-0.0, 0.0), (NaN, 1), (1, NaN), (NaN, NaN), (Infinity, Infinity), (-Infinity, Infinity),
        (-Infinity, -Infinity), (Infinity, 1), (NaN, Infinity), (double.Epsilon, 0),
    ];

    /// <summary>NaN that compares, zeros that differ by their sign, infinities that are not equal to themselves.</summary>
    [Test]
    public void Masks_are_those_of_the_language()
    {
        Tensor<double> a = Tensor<double>.From([.. s_pairs.Select(static p => p.A)]),
            b = Tensor<double>.From([.. s_pairs.Select(static p => p.B)]);
        Check(a.Greater(b), static (x, y) => x > y, nameof(GreaterOp));
        Check(a.GreaterOrEqual(b), static (x, y) => x >= y, nameof(GreaterOrEqualOp));
        Check(a.Less(b), static (x, y) => x < y, nameof(LessOp));
        Check(a.LessOrEqual(b), static (x, y) => x <= y, nameof(LessOrEqualOp));
        Check(a.EqualTo(b), static (x, y) => x == y, nameof(EqualToOp));
        Check(a.NotEqualTo(b), static (x, y) => x != y, nameof(NotEqualToOp));
        Check(a.Greater(1), static (x, _) => x > 1, nameof(GreaterOp));
        Check(a.GreaterOrEqual(1), static (x, _) => x >= 1, nameof(GreaterOrEqualOp));
        Check(a.Less(1), static (x, _) => x < 1, nameof(LessOp));
        Check(a.LessOrEqual(1), static (x, _) => x <= 1, nameof(LessOrEqualOp));
        Check(a.EqualTo(1), static (x, _) => x == 1, nameof(EqualToOp));
        Check(a.NotEqualTo(1), static (x, _) => x != 1, nameof(NotEqualToOp));

        static void Check(Tensor<double> mask, Func<double, double, bool> expected, string what) =>
            Assert.That(mask.ToArray(), Is.EqualTo(s_pairs.Select(p => expected(p.A, p.B) ? 1.0 : 0.0)), what);
    }

    /// <summary>A mask that is recorded, or that is tested for being positive instead of for not being 0.</summary>
    [Test]
    public void Where_selects_where_the_mask_is_not_zero()
    {
        Parameter<double> x = new("x", Tensor<double>.From(1, 2, 3, 4, 5));
        Tensor<double> mask = Tensor<double>.From(1, 0, -0.5, -0.0, NaN);
        Tape<double> tape = new();
        using (tape.Record())
        {
            Assert.That(x.Value.Greater(2).ToArray(), Is.EqualTo((double[])[0, 0, 1, 1, 1]));
            Assert.That(tape.Count, Is.Zero, "a comparison is not recorded");
            Tensor<double> y = Tensor<double>.Where(mask, x.Value, x.Value * 10);
            Assert.That(y.ToArray(), Is.EqualTo((double[])[1, 20, 3, 40, 5]));
            tape.Backward(y.Sum());
        }
        Assert.That(x.Gradient.ToArray(), Is.EqualTo((double[])[1, 10, 1, 10, 1]));
    }

    /// <summary>The gradient 0 times an infinite derivative is NaN: the branch that was not selected must not get it.</summary>
    [Test]
    public void What_the_mask_does_not_select_leaks_no_NaN()
    {
        Parameter<double> x = new("x", Tensor<double>.From(0.0, 4));
        Tape<double> tape = new();
        using (tape.Record())
        {
            tape.Backward(Tensor<double>.Where(x.Value.Greater(0), x.Value.Log(), x.Value * 7).Sum());
        }
        Assert.That(x.Gradient.ToArray(), Is.EqualTo((double[])[7, 0.25]));
    }

    [Test]
    public void Shapes_that_do_not_broadcast_throw()
    {
        Tensor<double> a = Tensor<double>.Zeros([2]), b = Tensor<double>.Zeros([3]);
        Assert.That(() => a.Greater(b), Throws.ArgumentException.With.Message.Contains("Greater"));
        Assert.That(() => Tensor<double>.Where(a, b, b), Throws.ArgumentException.With.Message.Contains("Where"));
    }
}
