using System.Globalization;
using System.Text.Json;

namespace Engine.Tests.Optimizers.Schedules;

/// <summary>Schedules have the values of PyTorch's schedulers and of optax's schedules.</summary>
public sealed class GoldenScheduleTests
{
    /// <summary>In proportion to the largest value; their forms are recursive, or 1 + cos, with roundings of this size.</summary>
    private const double Tolerance = 1e-14;

    private static IEnumerable<TestCaseData> Torch() => Named("schedulers.json", "scheduler");

    private static IEnumerable<TestCaseData> Optax() => Named("optax_schedules.json", "schedule");

    private static IEnumerable<TestCaseData> Named(string file, string key) => Golden.Cases(file).Index().Select(item =>
        new TestCaseData(item.Item).SetArgDisplayNames(
            item.Item.GetProperty(key).GetString()!, item.Index.ToString(CultureInfo.InvariantCulture)));

    /// <summary>
    /// Catches: any wrong formula; a join, a restart or a milestone that is off by one; a chain that is no product; a plateau that counts
    /// differently.
    /// </summary>
    [TestCaseSource(nameof(Torch))]
    public void RatesAreThoseOfPyTorch(JsonElement json)
    {
        double[][] rates = [.. json.GetProperty("lrs").EnumerateArray().Select(pair => pair.ToDoubles())];
        double[] bases = json.GetProperty("base_lrs").ToDoubles(), metrics = [];
        ReduceOnPlateau? plateau = Plateau(json);
        if (plateau is not null)
        {
            metrics = json.GetProperty("metrics").ToDoubles();
        }
        Schedule[] schedules = [.. bases.Select(rate => OfTorch(json, rate, plateau))];
        Assert.That(rates, Has.Length.EqualTo(61));
        for (int t = 0; t < rates.Length; t++)
        {
            for (int group = 0; group < 2; group++)
            {
                double scale = rates.Max(pair => pair[group]);
                Assert.That(schedules[group].At(t), Is.EqualTo(rates[t][group]).Within(Tolerance * scale), $"group {group} at {t}");
            }
            if (t < metrics.Length)
            {
                plateau!.Observe(metrics[t]);
            }
        }
        if (json.TryGetProperty("momenta", out JsonElement momenta))
        {
            Schedule momentum = MomentumOfTorch(json);
            foreach ((int t, JsonElement pair) in momenta.EnumerateArray().Index())
            {
                Assert.That(pair.ToDoubles(), Is.All.EqualTo(momentum.At(t)).Within(Tolerance), $"momentum at {t}");
            }
        }
    }

    /// <summary>Catches: any wrong formula; a join or a boundary that is off by one.</summary>
    [TestCaseSource(nameof(Optax))]
    public void ValuesAreThoseOfOptax(JsonElement json)
    {
        Schedule schedule = OfOptax(json);
        double[] values = json.GetProperty("values").ToDoubles();
        double scale = values.Max();
        Assert.That(values, Has.Length.EqualTo(81));
        for (int t = 0; t < values.Length; t++)
        {
            Assert.That(schedule.At(t), Is.EqualTo(values[t]).Within(Tolerance * scale), $"{t}");
        }
    }

    private static ReduceOnPlateau? Plateau(JsonElement json)
    {
        if (json.GetProperty("scheduler").GetString() != "ReduceLROnPlateau")
        {
            return null;
        }
        JsonElement hyper = json.GetProperty("hyper");
        double threshold = hyper.GetProperty("threshold").GetDouble();
        return new ReduceOnPlateau
        {
            Improvement = hyper.GetProperty("mode").GetString() == "max" ? Improvement.Increase : Improvement.Decrease,
            Factor = hyper.GetProperty("factor").GetDouble(),
            Patience = hyper.GetProperty("patience").GetInt64(),
            Threshold = hyper.TryGetProperty("threshold_mode", out JsonElement mode) && mode.GetString() == "abs"
                ? ImprovementThreshold.Absolute(threshold) : ImprovementThreshold.Relative(threshold),
            Cooldown = hyper.TryGetProperty("cooldown", out JsonElement cooldown) ? cooldown.GetInt64() : 0,
        };
    }

    private static Schedule OfTorch(JsonElement json, double rate, ReduceOnPlateau? plateau)
    {
        JsonElement hyper = json.GetProperty("hyper");
        return json.GetProperty("scheduler").GetString() switch
        {
            "StepLR" => rate * Schedule.Step(Whole("step_size"), Number("gamma")),
            "MultiStepLR" => rate * Schedule.MultiStep(
                Number("gamma"), [.. hyper.GetProperty("milestones").ToInts().Select(milestone => (long)milestone)]),
            "ConstantLR" => rate * Schedule.Constant(Number("factor")).For(Whole("total_iters")).Then(1),
            "LinearLR" => rate * Schedule.Linear(Whole("total_iters"), Number("start_factor"), Number("end_factor")),
            "ExponentialLR" => rate * Schedule.Exponential(Number("gamma")),
            "PolynomialLR" => rate * Schedule.Polynomial(Whole("total_iters"), Number("power")),
            // theirs rises again after T_max
            "CosineAnnealingLR" => Schedule.Cosine(Whole("T_max"), rate, Number("eta_min"))
                .Then(Schedule.Cosine(Whole("T_max"), Number("eta_min"), rate)).Repeat(),
            "CosineAnnealingWarmRestarts" => Schedule.CosineRestarts(Whole("T_0"), Whole("T_mult"), rate, Number("eta_min")),
            "CyclicLR" => Cycle(hyper, Number("base_lr"), Number("max_lr")),
            "OneCycleLR" => Number("max_lr") * OneCycle(hyper, 1 / Number("div_factor", 25), 1,
                1 / Number("div_factor", 25) / Number("final_div_factor", 1e4)),
            "ReduceLROnPlateau" => plateau!.Reduce(rate, Number("min_lr", 0), Number("eps", 1e-8)),
            "LambdaLR" => rate * Schedule.Function(t => Math.Pow(0.95, t)),
            "MultiplicativeLR" => rate * Schedule.Function(t => Math.Pow(0.97, (t + 1) / 2) * Math.Pow(0.9, t / 2)),
            "SequentialLR" when hyper.GetProperty("milestones").ToInts() is [10] =>
                rate * Schedule.Warmup(10, from: 0.1).Then(Schedule.Cosine(50)),
            "SequentialLR" when hyper.GetProperty("milestones").ToInts() is [6, 20] =>
                rate * Schedule.Constant(0.1).For(5).Then(1).For(6).Then(Schedule.Exponential(0.9).For(14)).Then(Schedule.Step(5, 0.5)),
            "ChainedScheduler" => rate * (Schedule.Constant(0.1).For(5).Then(1) * Schedule.Exponential(0.9)),
            string other => throw new InvalidDataException($"Got the scheduler {other}, expected one with a schedule here."),
            null => throw new InvalidDataException("Got no scheduler."),
        };

        long Whole(string name) => hyper.GetProperty(name).GetInt64();

        double Number(string name, double? otherwise = null) =>
            hyper.TryGetProperty(name, out JsonElement value) || otherwise is null ? value.GetDouble() : otherwise.Value;
    }

    private static Schedule MomentumOfTorch(JsonElement json)
    {
        JsonElement hyper = json.GetProperty("hyper");
        return json.GetProperty("scheduler").GetString() == "CyclicLR"
            ? Cycle(hyper, hyper.GetProperty("max_momentum").GetDouble(), hyper.GetProperty("base_momentum").GetDouble())
            : OneCycle(hyper, 0.95, 0.85, 0.95);
    }

    private static Schedule Cycle(JsonElement hyper, double from, double to)
    {
        long up = hyper.GetProperty("step_size_up").GetInt64();
        long down = hyper.TryGetProperty("step_size_down", out JsonElement given) ? given.GetInt64() : up;
        return (hyper.TryGetProperty("mode", out JsonElement mode) ? mode.GetString() : "triangular") switch
        {
            "triangular2" => Schedule.TriangularHalving(up, down, from, to),
            "exp_range" => Schedule.TriangularExponential(hyper.GetProperty("gamma").GetDouble(), up, down, from, to),
            _ => Schedule.Triangular(up, down, from, to),
        };
    }

    private static Schedule OneCycle(JsonElement hyper, double initial, double peak, double final)
    {
        long updates = hyper.TryGetProperty("total_steps", out JsonElement total)
            ? total.GetInt64() : hyper.GetProperty("epochs").GetInt64() * hyper.GetProperty("steps_per_epoch").GetInt64();
        double warmup = hyper.TryGetProperty("pct_start", out JsonElement start) ? start.GetDouble() : 0.3;
        Interpolation interpolation = hyper.TryGetProperty("anneal_strategy", out JsonElement strategy) && strategy.GetString() == "linear"
            ? Interpolation.Linear : Interpolation.Cosine;
        return hyper.TryGetProperty("three_phase", out JsonElement three) && three.GetBoolean()
            ? Schedule.OneCycleThreePhase(updates, warmup, initial, peak, final, interpolation)
            : Schedule.OneCycle(updates, warmup, initial, peak, final, interpolation);
    }

    private static Schedule OfOptax(JsonElement json)
    {
        JsonElement hyper = json.GetProperty("hyper");
        return json.GetProperty("schedule").GetString() switch
        {
            "constant_schedule" => Number("value"),
            "linear_schedule" => Begin(Schedule.Linear(Whole("transition_steps"), Number("init_value"), Number("end_value"))),
            "polynomial_schedule" => Begin(
                Schedule.Polynomial(Whole("transition_steps"), Number("power"), Number("init_value"), Number("end_value"))),
            "cosine_decay_schedule" => Number("init_value") * (Number("exponent", 1) == 1
                ? Schedule.Cosine(Whole("decay_steps"), 1, Number("alpha"))
                : Schedule.CosinePower(Whole("decay_steps"), Number("exponent"), 1, Number("alpha"))),
            "exponential_decay" => Decay(Number("init_value")),
            "piecewise_constant_schedule" => Schedule.PiecewiseConstant(Points()),
            "piecewise_interpolate_schedule" => Schedule.Piecewise(
                hyper.GetProperty("interpolate_type").GetString() == "linear" ? Interpolation.Linear : Interpolation.Cosine, Points()),
            "warmup_constant_schedule" => Number("peak_value") * Schedule.Warmup(Whole("warmup_steps")),
            "warmup_cosine_decay_schedule" => WarmupCosine(hyper),
            "warmup_exponential_decay_schedule" => Schedule.Linear(Whole("warmup_steps"), Number("init_value"), Number("peak_value"))
                .Then(Decay(Number("peak_value"))),
            "cosine_onecycle_schedule" => Schedule.Piecewise(Interpolation.Cosine,
                (0, Number("peak_value") / 25), (21, Number("peak_value")), (70, Number("peak_value") / 25e4)),
            "linear_onecycle_schedule" => Schedule.Piecewise(Interpolation.Linear, (0, Number("peak_value") / 25),
                (21, Number("peak_value")), (59, Number("peak_value") / 25), (70, Number("peak_value") / 25e4)),
            "sgdr_schedule" => hyper.GetProperty("cosine_kwargs").EnumerateArray().Select(WarmupCosine).Aggregate((a, b) => a.Then(b)),
            string other => throw new InvalidDataException($"Got the schedule {other}, expected one with a schedule here."),
            null => throw new InvalidDataException("Got no schedule."),
        };

        long Whole(string name) => hyper.GetProperty(name).GetInt64();

        double Number(string name, double? otherwise = null) =>
            hyper.TryGetProperty(name, out JsonElement value) || otherwise is null ? value.GetDouble() : otherwise.Value;

        Schedule Begin(Schedule schedule) => Number("transition_begin", 0) is > 0 and var begin
            ? Schedule.Constant(schedule.At(0)).For((long)begin).Then(schedule) : schedule;

        Schedule Decay(double initial)
        {
            long steps = Whole("transition_steps");
            double rate = Number("decay_rate");
            bool staircase = hyper.TryGetProperty("staircase", out JsonElement flag) && flag.GetBoolean();
            Schedule decay = initial * (staircase ? Schedule.Step(steps, rate) : Schedule.Exponential(rate, steps));
            return Begin(hyper.TryGetProperty("end_value", out JsonElement end) ? decay.AtLeast(end.GetDouble()) : decay);
        }

        SchedulePoint[] Points()
        {
            List<SchedulePoint> points = [(0, Number("init_value"))];
            foreach (JsonProperty scale in hyper.GetProperty("boundaries_and_scales").EnumerateObject())
            {
                points.Add((long.Parse(scale.Name, CultureInfo.InvariantCulture), points[^1].Value * scale.Value.GetDouble()));
            }
            return [.. points];
        }
    }

    private static Schedule WarmupCosine(JsonElement hyper)
    {
        long warmup = hyper.GetProperty("warmup_steps").GetInt64(), decay = hyper.GetProperty("decay_steps").GetInt64() - warmup;
        double peak = hyper.GetProperty("peak_value").GetDouble(), end = hyper.GetProperty("end_value").GetDouble();
        return Schedule.Linear(warmup, hyper.GetProperty("init_value").GetDouble(), peak).Then(
            hyper.TryGetProperty("exponent", out JsonElement exponent)
                ? Schedule.CosinePower(decay, exponent.GetDouble(), peak, end) : Schedule.Cosine(decay, peak, end));
    }
}
