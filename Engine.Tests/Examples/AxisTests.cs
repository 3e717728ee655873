using Examples.Charts;
using NUnit.Framework;

namespace Engine.Tests.Examples;

/// <summary>Where values lie on the axes of charts, and which of them are labeled.</summary>
public sealed class AxisTests
{
    /// <summary>Catches: a scale that is not the one the axis is named after.</summary>
    [Test]
    public void Values_lie_where_the_axis_says()
    {
        Axis log = Axis.Logarithmic("", [0.01, 1]), linear = Axis.Between("", -1, 3), count = Axis.Count("", 30);
        Assert.That(log.Fraction(0.1), Is.EqualTo(0.5).Within(1e-12));
        Assert.That(log.Ticks.Select(log.Label), Is.EqualTo(new[] { "0.01", "0.1", "1" }));
        Assert.That(linear.Fraction(0), Is.EqualTo(0.25));
        Assert.That(linear.Reversed.Fraction(0), Is.EqualTo(0.75));
        Assert.That(linear.Ticks.Select(linear.Label), Is.EqualTo(new[] { "-1", "0", "1", "2", "3" }));
        Assert.That(count.Ticks, Is.EqualTo(new double[] { 0, 5, 10, 15, 20, 25, 30 }));
        Axis names = Axis.Names("", ["a", "b"]);
        Assert.That(names.Ticks.Select(names.Fraction), Is.EqualTo(new[] { 0.25, 0.75 }));
        Assert.That(names.Ticks.Select(names.Label), Is.EqualTo(new[] { "a", "b" }));
    }

    /// <summary>Catches: an axis of accuracies that leaves out the first epochs, or on which the best ones cannot be told apart.</summary>
    [Test]
    public void An_axis_of_accuracies_hides_nothing()
    {
        Axis axis = Axis.Accuracy("");
        Assert.That(new[] { 0, 1.0 }.Select(axis.Fraction), Is.EqualTo(new double[] { 0, 1 }).Within(1e-12));
        Assert.That(axis.Ticks.Select(axis.Fraction), Is.Ordered);
        Assert.That(axis.Fraction(0.99) - axis.Fraction(0.98), Is.GreaterThan(5 * (axis.Fraction(0.51) - axis.Fraction(0.5))));
        Assert.That(axis.Ticks.Select(axis.Label), Does.Contain("95 %").And.Contain("0 %").And.Contain("100 %"));
    }

    /// <summary>
    /// Catches: no tick or hundreds of them, ticks outside, labels that are equal or long, and overflow: of a span, of a power of ten.
    /// </summary>
    [Test]
    public void Axes_of_any_values_have_few_ticks_inside_them(
        [Values(-1.7e308, -3, 0, 5e-324, 1e-30, 3e-7, 0.02, 1, 7, 4e5, 123456789, 1.7e308)] double low,
        [Values(0, 1e-300, 1e-9, 0.5, 30, 1e9, 1.7e308)] double length)
    {
        double high = Math.Min(low + length, double.MaxValue);
        Axis[] axes =
        [
            Axis.Around("", [low, high]), Axis.Logarithmic("", [low, high]),
            Axis.Count("", (int)Math.Clamp(high, -5, 1000)), Axis.Logarithmic("", [Math.Abs(low), Math.Abs(low) * 1.5]),
        ];
        foreach (Axis axis in axes)
        {
            string name = $"{axis.Low} to {axis.High}";
            Assert.That(axis.High - axis.Low, Is.GreaterThan(0).And.LessThan(double.PositiveInfinity), name);
            Assert.That(axis.Ticks, Is.Ordered.And.All.InRange(axis.Low, axis.High), name);
            Assert.That(axis.Ticks.Count, Is.InRange(1, 13), name);
            Assert.That(axis.Ticks.Select(axis.Label), Is.Unique, name);
            Assert.That(axis.Ticks.Select(tick => axis.Label(tick).Length), Is.All.LessThanOrEqualTo(16), name);
            Assert.That(axis.Ticks.Select(axis.Fraction), Is.All.InRange(-1e-9, 1 + 1e-9), name);
        }
        foreach (double end in ((double[])[low, high]).Where(end => Math.Abs(end) <= 1e300))
        {
            Assert.That(axes[0].Fraction(end), Is.InRange(-1e-9, 1 + 1e-9), "what has a place is inside");
        }
    }

    /// <summary>Catches: values without a place that stretch the axis, or that are given one.</summary>
    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    [TestCase(double.NegativeInfinity)]
    public void What_is_not_finite_changes_no_axis_and_has_no_place(double value)
    {
        Assert.That(Axis.Around("", [1, value, 2]).Ticks, Is.EqualTo(Axis.Around("", [1, 2]).Ticks));
        Assert.That(Axis.Logarithmic("", [1, value, 2]).Ticks, Is.EqualTo(Axis.Logarithmic("", [1, 2]).Ticks));
        Assert.That(double.IsFinite(Axis.Around("", [1, 2]).Fraction(value)), Is.False);
        Assert.That(double.IsFinite(Axis.Logarithmic("", [1, 2]).Fraction(-1)), Is.False);
        Assert.That(() => Axis.Between("", value, 1), Throws.ArgumentException);
        Assert.That(() => Axis.Between("", 1, value), Throws.ArgumentException);
    }

    [Test]
    public void Axes_without_length_are_refused()
    {
        Assert.That(() => Axis.Between("", 2, 2), Throws.ArgumentException.With.Message.Contains("got 2 to 2"));
        Assert.That(() => Axis.Between("", 2, 1), Throws.ArgumentException);
        Assert.That(() => Axis.Names("", []), Throws.ArgumentException);
    }

    [TestCase(0, "0")]
    [TestCase(0.00123456, "0.00123")]
    [TestCase(-12.345, "-12.3")]
    [TestCase(9999.9, "10000")]
    [TestCase(1234567, "1.23e6")]
    [TestCase(-2.5e-7, "-2.5e-7")]
    [TestCase(5e-324, "4.94e-324")]
    [TestCase(double.NaN, "NaN")]
    [TestCase(double.NegativeInfinity, "-∞")]
    public void Numbers_are_short(double value, string text) => Assert.That(Numerals.Short(value), Is.EqualTo(text));
}
