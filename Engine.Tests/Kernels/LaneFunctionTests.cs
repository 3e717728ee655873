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

    /// <summary>x, Φ(x) and φ(x), computed with mpmath in 40 digits.</summary>
    private static readonly double[][] s_normal =
    [
        [0.0, 0.5, 0.3989422804014327],
        [1e-300, 0.5, 0.3989422804014327],
        [-1e-08, 0.4999999960105772, 0.39894228040143265],
        [0.1, 0.539827837277029, 0.39695254747701175],
        [-0.5, 0.3085375387259869, 0.35206532676429947],
        [0.7071067811865476, 0.7602499389065233, 0.3106965603769277],
        [-1.0, 0.15865525393145705, 0.24197072451914334],
        [1.5, 0.9331927987311419, 0.12951759566589172],
        [-2.0, 0.02275013194817921, 0.05399096651318805],
        [2.5, 0.9937903346742238, 0.017528300493568537],
        [-3.0, 0.0013498980316300946, 0.0044318484119380075],
        [4.0, 0.9999683287581669, 0.00013383022576488534],
        [-5.0, 2.866515718791939e-07, 1.4867195147342977e-06],
        [6.0, 0.9999999990134123, 6.075882849823285e-09],
        [-8.25, 7.919726314642477e-17, 6.627137455968751e-16],
        [-12.0, 1.776482112077679e-33, 2.1463837356630605e-32],
        [-20.0, 2.7536241186062337e-89, 5.520948362159764e-88],
        [-30.5, 1.3029379131780763e-204, 3.97822342728212e-203],
        [-37.5, 4.605353009581955e-308, 1.7282337322841054e-306],
        [40.0, 1.0, 0.0],
    ];

    /// <summary>A wrong coefficient, a tail that is 1 − Φ(−x) and has lost its digits, a limit that is reached too early.</summary>
    [Test]
    public void The_normal_distribution_is_as_exact_as_its_argument()
    {
        foreach (double[] row in s_normal)
        {
            double x = row[0], units = 4 + x * x / 2;
            double probability = Scalar<double>.NormalDistribution(x, out Scalar<double> density).Value;
            Assert.That(probability, Is.EqualTo(row[1]).Within(units * (Math.BitIncrement(row[1]) - row[1])), $"Φ({x:R})");
            Assert.That(density.Value, Is.EqualTo(row[2]).Within(units * (Math.BitIncrement(row[2]) - row[2])), $"φ({x:R})");
        }
        for (float x = -15; x <= 15; x += 1f / 1024)
        {
            double expected = Scalar<double>.NormalDistribution((double)x, out Scalar<double> wide).Value, units = 4 + x * x / 2;
            float probability = Scalar<float>.NormalDistribution(new(x), out Scalar<float> density).Value;
            Assert.That(probability, Is.EqualTo(expected).Within(units * Unit(expected)), $"Φ({x})");
            Assert.That(density.Value, Is.EqualTo(wide.Value).Within(units * Unit(wide.Value)), $"φ({x})");
        }

        static double Unit(double value) => MathF.BitIncrement((float)value) - (float)value;
    }

    /// <summary>The definition that lanes without numbers use must be the same function.</summary>
    [Test]
    public void The_normal_distribution_is_that_of_the_error_function()
    {
        foreach (double x in (double[])[-3, -0.5, 0, 1, 2.5])
        {
            TensorLane<double> y = Normal<TensorLane<double>>(Tensor<double>.From(x), out TensorLane<double> density);
            Scalar<double> expected = Normal<Scalar<double>>(x, out Scalar<double> expectedDensity);
            Assert.That((y.Tensor.Item, density.Tensor.Item), Is.EqualTo((expected.Value, expectedDensity.Value)).Within(1e-15));
        }

        static L Normal<L>(L x, out L density) where L : ILane<L> => L.NormalDistribution(x, out density);
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
