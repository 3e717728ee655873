using NUnit.Framework;

namespace Engine.Tests;

/// <summary>Powers of one number: accuracy against the platform's function, exact products, and the special cases of IEEE 754.</summary>
internal sealed class PowerTests
{
    private static readonly double[] s_special =
    [
        double.NaN, double.NegativeInfinity, double.PositiveInfinity, -2, -1, -0.5, -0.0, 0, 0.5, 1, 2, 3, double.MaxValue, double.Epsilon,
        2147483648, 4503599627370497, 9007199254740992, -2147483649,
    ];

    /// <summary>Catches a power by repeated squaring in one double, and one from a logarithm rounded to one double.</summary>
    [Test]
    public void The_error_is_below_two_units_in_the_last_place()
    {
        Random random = new(7);
        double worst = 0;
        for (int i = 0; i < 200_000; i++)
        {
            double x = (i % 4) switch
            {
                0 => Math.Exp(700 * (random.NextDouble() - 0.5)),
                1 => 1 + (random.NextDouble() - 0.5) * Math.Exp(-30 * random.NextDouble()),
                2 => 3 * random.NextDouble(),
                _ => double.Epsilon * random.NextInt64(1, 1L << 40),
            };
            double y = 740 * (2 * random.NextDouble() - 1) / Math.Max(Math.Abs(Math.Log(x)), 1e-12);
            y = (i & 64) != 0 ? Math.Round(y) : y;
            double expected = Math.Pow(x, y);
            worst = Math.Max(worst, Ulps(Power.Of(x, y), expected));
        }
        Assert.That(worst, Is.LessThanOrEqualTo(2), "double");
    }

    [Test]
    public void In_float_the_result_is_the_rounded_one()
    {
        Random random = new(8);
        for (int i = 0; i < 50_000; i++)
        {
            float x = (float)Math.Exp(80 * (random.NextDouble() - 0.5)), y = (float)(100 * (random.NextDouble() - 0.5) / Math.Log(x));
            float expected = (float)Math.Pow(x, y), actual = Scalar<float>.Pow(x, y).Value;
            Assert.That(
                Math.Abs(BitConverter.SingleToInt32Bits(actual) - BitConverter.SingleToInt32Bits(expected)), Is.LessThanOrEqualTo(1),
                $"{x}^{y}");
        }
        Assert.That(Scalar<float>.Pow(2, -130).Value, Is.EqualTo(MathF.ScaleB(1, -130)), "a denormal number");
        Assert.That(Scalar<float>.Pow(-1, 2147483648).Value, Is.EqualTo(1));
    }

    [Test]
    public void Products_that_a_double_holds_are_exact()
    {
        for (int x = 2; x <= 40; x++)
        {
            double product = 1;
            for (int n = 0; product < 9e15; n++, product *= x)
            {
                Assert.That(Power.Of(x, n), Is.EqualTo(product), $"{x}^{n}");
                Assert.That(Power.Of(-x, n), Is.EqualTo(n % 2 == 0 ? product : -product), $"(-{x})^{n}");
                Assert.That(Power.Of(x, -n), Is.EqualTo(1 / product), $"{x}^-{n}");
            }
        }
    }

    [Test]
    public void Special_cases_are_those_of_the_platform(
        [ValueSource(nameof(s_special))] double x, [ValueSource(nameof(s_special))] double y)
    {
        double expected = Math.Pow(x, y), actual = Power.Of(x, y);
        bool isRight = double.IsNaN(expected) ? double.IsNaN(actual) : Ulps(actual, expected) <= 2;
        Assert.That(isRight, Is.True, $"{x}^{y} = {actual:R}, expected {expected:R}");
    }

    private static double Ulps(double actual, double expected) =>
        actual == expected && double.IsNegative(actual) == double.IsNegative(expected) ? 0
        : double.IsNaN(actual) || double.IsNegative(actual) != double.IsNegative(expected) ? double.PositiveInfinity
        : Math.Abs((double)(BitConverter.DoubleToInt64Bits(actual) - BitConverter.DoubleToInt64Bits(expected)));
}
