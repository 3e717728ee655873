using System.Numerics;
using System.Text.Json;

namespace Engine.Tests;

/// <summary>The functions of the lanes that no library of the platform computes well enough, against values of many digits.</summary>
internal sealed class LaneFunctionTests
{
    public static IEnumerable<TestCaseData> Cases() => Golden.Cases("elementary.json").Select(
        static golden => new TestCaseData(golden).SetArgDisplayNames($"{golden.GetProperty("function")} {golden.GetProperty("dtype")}"));

    /// <summary>
    /// A wrong digit of a constant, a series with too few terms, a reduced angle with lost digits: at arguments where the error is largest,
    /// at the limits of the formulas, and at the angles nearest to a multiple of π/2.
    /// </summary>
    [TestCaseSource(nameof(Cases))]
    public void The_error_is_below_three_units_in_the_last_place(JsonElement golden)
    {
        string function = golden.GetProperty("function").GetString()!;
        double[] x = golden.GetProperty("x").ToDoubles(), y = golden.GetProperty("y").ToDoubles(),
            rest = golden.GetProperty("rest").ToDoubles();
        bool isFloat = golden.GetProperty("dtype").GetString() == "float";
        for (int i = 0; i < x.Length; i++)
        {
            double error = isFloat ? Units<float>(function, x[i], y[i], rest[i]) : Units<double>(function, x[i], y[i], rest[i]);
            Assert.That(error, Is.LessThan(3), FormattableString.Invariant($"{function}({x[i]:R})"));
        }
    }

    /// <summary>Random arguments; the platform's double precision is exact enough for single precision.</summary>
    [TestCase("Sin", -100.0, 100.0)]
    [TestCase("Sin", -3e6, 3e6)]
    [TestCase("Cos", -100.0, 100.0)]
    [TestCase("Cos", -3e6, 3e6)]
    [TestCase("Atan", -5.0, 5.0)]
    public void Random_arguments_in_single_precision(string function, double from, double to)
    {
        Random random = new(5);
        for (int i = 0; i < 50_000; i++)
        {
            double x = (float)(from + random.NextDouble() * (to - from));
            double expected = function switch { "Sin" => Math.Sin(x), "Cos" => Math.Cos(x), _ => Math.Atan(x) };
            Assert.That(Units<float>(function, x, expected, 0), Is.LessThan(3), FormattableString.Invariant($"{function}({x:R})"));
        }
    }

    /// <summary>The same in double precision, with a unit for the platform's own error.</summary>
    [TestCase("Sin", -100.0, 100.0)]
    [TestCase("Sin", -3e9, 3e9)]
    [TestCase("Sin", -1e300, 1e300)]
    [TestCase("Cos", -100.0, 100.0)]
    [TestCase("Cos", -3e9, 3e9)]
    [TestCase("Cos", -1e300, 1e300)]
    [TestCase("Atan", -5.0, 5.0)]
    public void Random_arguments_in_double_precision(string function, double from, double to)
    {
        Random random = new(6);
        for (int i = 0; i < 50_000; i++)
        {
            double x = from + random.NextDouble() * (to - from);
            double expected = function switch { "Sin" => Math.Sin(x), "Cos" => Math.Cos(x), _ => Math.Atan(x) };
            Assert.That(Units<double>(function, x, expected, 0), Is.LessThan(4), FormattableString.Invariant($"{function}({x:R})"));
        }
    }

    /// <summary>Odd and even functions are so in every bit; a result that depends on the sign elsewhere would drift in training.</summary>
    [Test]
    public void Odd_and_even_functions_are_exactly_so()
    {
        Random random = new(7);
        for (int i = 0; i < 20_000; i++)
        {
            double x = (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-5, 20));
            foreach (string odd in (string[])["Sin", "Atan", "Erf"])
            {
                SameBits.Check<double>([Value<double>(odd, -x)], [-Value<double>(odd, x)], $"{odd}({x})");
                SameBits.Check<float>([Value<float>(odd, (float)-x)], [-Value<float>(odd, (float)x)], $"{odd}({x})");
            }
            SameBits.Check<double>([Value<double>("Cos", -x)], [Value<double>("Cos", x)], $"Cos({x})");
            SameBits.Check<float>([Value<float>("Cos", (float)-x)], [Value<float>("Cos", (float)x)], $"Cos({x})");
        }
    }

    private static double Units<T>(string function, double x, double y, double rest) where T : unmanaged, IFloatingPointIeee754<T>
    {
        T expected = T.Abs(T.CreateTruncating(y));
        double unit = double.CreateTruncating(T.BitIncrement(expected) - expected);
        double actual = double.CreateTruncating(Value(function, T.CreateTruncating(x)));
        return double.IsFinite(actual) ? Math.Abs(actual - y - rest) / unit : double.PositiveInfinity;
    }

    private static T Value<T>(string function, T x) where T : unmanaged, IFloatingPointIeee754<T> => function switch
    {
        "Sin" => Scalar<T>.Sin(new(x)).Value,
        "Cos" => Scalar<T>.Cos(new(x)).Value,
        "Atan" => Scalar<T>.Atan(new(x)).Value,
        "Erf" => Scalar<T>.Erf(new(x)).Value,
        "ExpM1" => Scalar<T>.ExpM1(new(x)).Value,
        "LogP1" => Scalar<T>.LogP1(new(x)).Value,
        _ => throw new ArgumentException($"No function '{function}'."),
    };
}
