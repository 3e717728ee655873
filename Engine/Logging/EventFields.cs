namespace Engine;

/// <summary>
/// The numbers of the fields that are written and read, from the published schemas of TensorBoard (tensorboard/compat/proto and
/// tensorboard/plugins/hparams).
/// </summary>
internal static class EventFields
{
    public const int WallTime = 1, Step = 2, FileVersion = 3, GraphDefinition = 4, Summary = 5, SessionLog = 7, SourceMetadata = 10;

    public const int Writer = 1;

    public const int SessionStatus = 1, SessionStarted = 1;

    public const int SummaryValue = 1, Tag = 1, SimpleValue = 2, Image = 4, Histogram = 5, Tensor = 8, Metadata = 9;

    public const int PluginData = 1, PluginName = 1, PluginContent = 2;

    public const int ImageHeight = 1, ImageWidth = 2, ImageColorSpace = 3, ImageEncoded = 4;

    public const int Minimum = 1, Maximum = 2, Number = 3, Sum = 4, SumOfSquares = 5, BucketLimit = 6, Bucket = 7;

    public const int ElementType = 1, TensorShape = 2, TensorContent = 4, FloatValue = 5, StringValue = 8;

    public const int SingleElements = 1, StringElements = 7;

    public const int Dimension = 2, DimensionSize = 1;

    public const int Experiment = 2, SessionStartInfo = 3, SessionEndInfo = 4;

    public const int HyperparameterInfos = 4, MetricInfos = 5, InfoName = 1, InfoType = 4, MetricName = 1, MetricTag = 2;

    public const int StringType = 1, BoolType = 2, NumberType = 3;

    public const int Hyperparameters = 1, MapKey = 1, MapValue = 2;

    public const int NumberValue = 2, TextValue = 3, BooleanValue = 4;

    public const int EndStatus = 1;

    public const int Node = 1, Versions = 4, Producer = 1, NodeName = 1, NodeOperation = 2, NodeInput = 3, NodeAttribute = 5;

    public const int AttributeList = 1, ListShape = 7;

    /// <summary>The version of GraphDef that PyTorch writes too.</summary>
    public const int GraphVersion = 22;

    public const string EventVersion = "brain.Event:2", WriterName = "engine";

    public const string ScalarsPlugin = "scalars", TextPlugin = "text", ImagesPlugin = "images", HyperparametersPlugin = "hparams";

    public const string ExperimentTag = "_hparams_/experiment", SessionStartTag = "_hparams_/session_start_info",
        SessionEndTag = "_hparams_/session_end_info";
}
