namespace Engine.Tests;

/// <summary>Names, lists and modes of modules inside modules.</summary>
internal sealed class ModuleTests
{
    private static readonly RandomKey s_key = RandomKey.FromSeed(1);

    /// <summary>Names other than PyTorch's: a checkpoint would not load.</summary>
    [Test]
    public void Names_are_PyTorchs()
    {
        Sequential<float> model = new(
            new Linear<float>(4, 3, s_key), new BatchNorm<float>(3), new Relu<float>(),
            new Sequential<float>(new Dropout<float>(0.5, s_key), new LayerNorm<float>([3])));
        Assert.That(
            model.Parameters.Select(static p => p.Name),
            Is.EqualTo((string[])["0.weight", "0.bias", "1.weight", "1.bias", "3.1.weight", "3.1.bias"]));
        Assert.That(model.Buffers.Select(static b => b.Name), Is.EqualTo((string[])["1.running_mean", "1.running_var"]));
        Assert.That(model.Counters.Select(static c => c.Name), Is.EqualTo((string[])["1.num_batches_tracked", "3.0.step"]));
        Assert.That(model.Parameters, Is.SameAs(model.Parameters), "asking again costs nothing");
    }

    /// <summary>
    /// What is added to a module that is inside another already gets the whole name, and appears in the lists of those around.
    /// </summary>
    [Test]
    public void Late_comers_are_found()
    {
        Growing inner = new();
        Sequential<float> model = new(inner);
        Assert.That(model.Parameters, Is.Empty);
        inner.Grow();
        Assert.That(model.Parameters.Select(static p => p.Name), Is.EqualTo((string[])["0.own", "0.layer.weight"]));
        Assert.That(model.Buffers.Select(static b => b.ToString()), Is.EqualTo((string[])["0.kept [2]"]));
        Assert.That(model.Counters.Select(static c => c.ToString()), Is.EqualTo((string[])["0.seen 0"]));
    }

    /// <summary>A layer left in training while its model is evaluated.</summary>
    [Test]
    public void Mode_reaches_every_module_inside()
    {
        Dropout<float> deep = new(0.5, s_key);
        Growing inner = new() { Training = false };
        Sequential<float> model = new(new Sequential<float>(deep), inner);
        Assert.That(inner.Training, Is.True, "a module takes the mode of the one around it");
        model.Training = false;
        Assert.That((deep.Training, inner.Training), Is.EqualTo((false, false)));
        inner.Grow();
        Assert.That(inner.Layer!.Training, Is.False);
    }

    [Test]
    public void A_module_is_in_one_place_and_names_are_unique()
    {
        Relu<float> shared = new();
        Sequential<float> model = new(shared);
        Assert.That(() => new Sequential<float>(shared), Throws.ArgumentException.With.Message.Contains("'0'"));
        Growing growing = new();
        growing.Grow();
        Assert.That(growing.Grow, Throws.ArgumentException.With.Message.Contains("own"));
        Assert.That(() => growing.Name("a.b"), Throws.ArgumentException.With.Message.Contains("a.b"));
        Assert.That(() => growing.Name(""), Throws.ArgumentException);
        Assert.That(growing.Swallow, Throws.ArgumentException.With.Message.Contains("inside itself"));
        Assert.That(() => new Sequential<float>([null!]), Throws.ArgumentNullException);
        Assert.That((model.Count, model[0], model.Single()), Is.EqualTo((1, shared, shared)));
    }

    [Test]
    public void Buffers_and_counters_check_what_they_are_given()
    {
        BatchNorm<float> norm = new(2);
        Assert.That(
            () => norm.RunningMean!.SetValue(Tensor<float>.Zeros([3])),
            Throws.ArgumentException.With.Message.Contains("[3]").And.Message.Contains("[2]").And.Message.Contains("running_mean"));
        Assert.That(() => norm.Counters[0].Value = -1, Throws.InstanceOf<ArgumentOutOfRangeException>());
        norm.Counters[0].Value = (1L << 24) + 1;
        norm.Forward(Tensor<float>.From([1, 2, 3, 4], [2, 2]));
        Assert.That(norm.Counters[0].Value, Is.EqualTo((1L << 24) + 2), "not rounded to float");
    }

    [Test]
    public void Sequential_applies_in_order()
    {
        Sequential<double> model = new(
            new Linear<double>(1, 1, s_key, weightInitializer: Initializers.Constant(-2), biasInitializer: Initializers.Constant(1)),
            new Relu<double>());
        Assert.That(model.Forward(Tensor<double>.From([-3, 3], [2, 1])).ToArray(), Is.EqualTo((double[])[7, 0]));
        Tensor<double> x = Tensor<double>.From([1.0], [1]);
        Assert.That(new Sequential<double>().Forward(x).ToArray(), Is.EqualTo(x.ToArray()));
    }

    /// <summary>Catches: a name with generic arity, a layer that does not say its size, lines that run into each other.</summary>
    [Test]
    public void Modules_print_their_structure()
    {
        Growing growing = new();
        growing.Grow();
        Sequential<float> model = new(
            new Linear<float>(4, 3, s_key), new BatchNorm<float>(3), new Relu<float>(),
            new Sequential<float>(new Dropout<float>(0.5, s_key), new LayerNorm<float>([3])),
            new Activation<SquareFunction, float>(), growing);
        Assert.That(
            model.ToString().Split('\n'),
            Is.EqualTo((string[])
            [
                "Sequential", "  0: Linear(4 → 3)", "  1: BatchNorm(3)", "  2: Relu", "  3: Sequential", "    0: Dropout(0.5)",
                "    1: LayerNorm([3])", "  4: Square", "  5: Growing", "    layer: Linear(2 → 2, no bias)",
            ]));
    }

    /// <summary>
    /// Catches: a forward pass that fails at its end and has moved running statistics and counters before, so that the repeated pass gives
    /// other numbers; a message that does not say which layer failed.
    /// </summary>
    [Test]
    public void A_forward_pass_that_fails_names_the_layer_and_changes_nothing()
    {
        Sequential<float> model = new(
            new BatchNorm<float>(3), new Dropout<float>(0.5, s_key), new Counting(),
            new Sequential<float>(new Relu<float>(), new Linear<float>(4, 2, s_key)));
        Tensor<float> x = Tensor<float>.From([1, 2, 3, 4, 5, 6], [2, 3]);
        Assert.That(
            () => model.Forward(x),
            Throws.ArgumentException.With.Message.Contains("layer 3, Sequential, got an input of shape [2, 3]")
                .And.Message.Contains("layer 1, Linear(4 → 2), got an input of shape [2, 3]").And.Message.Contains("[2, 4]"));
        Assert.That(model.Buffers.SelectMany(static b => b.Value.ToArray()), Is.EqualTo((float[])[0, 0, 0, 1, 1, 1, 0]));
        Assert.That(model.Counters.Select(static c => c.Value), Is.All.Zero);
        Counting user = (Counting)model[2];
        user.Throws = true;
        Assert.That(() => model.Forward(x), Throws.InvalidOperationException.With.Message.EqualTo("the user's own"));
        Assert.That(model.Counters.Select(static c => c.Value), Is.All.Zero);
    }

    /// <summary>Catches: a module that must take one tensor; inner layers whose mode, names or gradients do not reach it.</summary>
    [Test]
    public void A_module_may_take_what_it_likes()
    {
        Distance towers = new();
        Assert.That(towers.Parameters.Select(static p => p.Name), Is.EqualTo((string[])["tower.weight", "tower.bias"]));
        Tape<float> tape = new();
        using (tape.Record())
        {
            Tensor<float> left = Tensor<float>.From([1, 2], [1, 2]), right = Tensor<float>.From([1, 4], [1, 2]);
            (Tensor<float> distance, bool isNear) = towers.Forward(left, right, 1000);
            Assert.That(isNear, Is.True);
            tape.Backward(distance);
        }
        Assert.That(towers.Parameters[0].HasGradient, Is.True);
        towers.Training = false;
        Assert.That(towers.Children.Single().Module.Training, Is.False);
    }

    private sealed class Distance : Module<float>
    {
        private readonly Linear<float> _tower;

        public Distance() => _tower = AddModule("tower", new Linear<float>(2, 2, s_key));

        public (Tensor<float> Distance, bool IsNear) Forward(Tensor<float> left, Tensor<float> right, double bound)
        {
            Tensor<float> distance = (_tower.Forward(left) - _tower.Forward(right)).Square().Sum();
            return (distance, distance.Item < bound);
        }
    }

    private sealed class Counting : Layer<float>
    {
        private readonly NamedTensor<float> _last;
        private readonly NamedCounter _calls;

        public Counting() => (_last, _calls) = (AddBuffer("last", Tensor<float>.From(0)), AddCounter("calls"));

        public bool Throws { get; set; }

        public override Tensor<float> Forward(Tensor<float> x)
        {
            _calls.Value++;
            _last.SetValue(Tensor<float>.From(x.Span[0]));
            return Throws ? throw new InvalidOperationException("the user's own") : x;
        }
    }

    private sealed class Growing : Layer<float>
    {
        public Linear<float>? Layer { get; private set; }

        public void Grow()
        {
            AddParameter("own", Tensor<float>.Zeros([2]));
            AddBuffer("kept", Tensor<float>.Zeros([2]));
            AddCounter("seen");
            Layer = AddModule("layer", new Linear<float>(2, 2, s_key, bias: false));
        }

        public void Name(string name) => AddCounter(name);

        public void Swallow() => AddModule("me", this);

        public override Tensor<float> Forward(Tensor<float> x) => x;
    }
}
